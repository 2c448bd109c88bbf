"""Columns in Delta's words."""

import json
from typing import Any

import pytest

from collective.interop.delta.schema import schema_string


def kind(dtype: str = "", feature: Any = None) -> Any:
    column = {"name": "c", "dtype": dtype, **({"feature": feature} if feature else {})}
    [field] = json.loads(schema_string([column]))["fields"]
    assert (field["name"], field["nullable"], field["metadata"]) == ("c", True, {})
    return field["type"]


def value(dtype: str) -> dict[str, str]:
    return {"_type": "Value", "dtype": dtype}


@pytest.mark.parametrize(
    ("dtype", "delta"),
    [
        ("bool", "boolean"),
        ("int8", "byte"),
        ("uint8", "short"),
        ("int64", "long"),
        ("uint64", "decimal(20,0)"),
        ("float32", "float"),
        ("float64", "double"),
        ("string", "string"),
        ("large_string", "string"),
        ("binary", "binary"),
        ("fixed_size_binary[16]", "binary"),
        ("date32", "date"),
        ("timestamp[us, tz=UTC]", "timestamp"),
        ("timestamp[ns]", "timestamp"),
        ("decimal128(10, 2)", "decimal(10,2)"),
        ("decimal256(60, 2)", "string"),
        ("time64[us]", "string"),
        ("dictionary<values=string, indices=int32, ordered=0>", "string"),
    ],
)
def test_plain_types(dtype: str, delta: str) -> None:
    assert kind(dtype) == kind(feature=value(dtype)) == delta


def test_nested_types() -> None:
    assert kind("list<int64>") == {"type": "array", "elementType": "long", "containsNull": True}
    assert kind("large_list<item: list<element: bool>>")["elementType"]["elementType"] == "boolean"
    assert kind("map<string, int64>") == {
        "type": "map",
        "keyType": "string",
        "valueType": "long",
        "valueContainsNull": True,
    }
    inner = {
        "_type": "Sequence",
        "feature": {"when": value("date32"), "tags": {"_type": "List", "feature": value("bool")}},
    }
    struct = kind("list<struct>", inner)["elementType"]
    assert [(each["name"], each["type"]) for each in struct["fields"]] == [
        ("when", "date"),
        ("tags", {"type": "array", "elementType": "boolean", "containsNull": True}),
    ]


def test_a_struct_with_a_field_called_type() -> None:
    struct = kind("struct", {"_type": value("string"), "of": value("int32")})
    assert [(each["name"], each["type"]) for each in struct["fields"]] == [("_type", "string"), ("of", "integer")]


@pytest.mark.parametrize(("dtype", "feature"), [("audio", {"_type": "Audio", "sampling_rate": 16000}), ("image", None)])
def test_media(dtype: str, feature: Any) -> None:
    assert [(each["name"], each["type"]) for each in kind(dtype, feature)["fields"]] == [
        ("bytes", "binary"),
        ("path", "string"),
    ]


def test_names_of_any_script_in_one_ascii_line() -> None:
    assert schema_string([{"name": "نص\u2028", "dtype": "string"}]).isascii()
