"""The columns of a version in Delta's words: `schemaString`. Pure; no file is opened for it.

A column comes as the catalog keeps it: `dtype` as Arrow writes it, and `feature` as the Hub does, which alone tells
what lies inside of a struct. Types that Delta does not have (times of day, unsigned numbers of 64 bits) come as the
nearest one that holds every value.
"""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

Type = str | dict[str, Any]
PRIMITIVE: Mapping[str, str] = {
    "bool": "boolean",
    "int8": "byte",
    "int16": "short",
    "int32": "integer",
    "int64": "long",
    "uint8": "short",
    "uint16": "integer",
    "uint32": "long",
    "uint64": "decimal(20,0)",
    "float16": "float",
    "float32": "float",
    "float64": "double",
    "halffloat": "float",
    "float": "float",
    "double": "double",
    "date32": "date",
    "date64": "date",
    "binary": "binary",
    "large_binary": "binary",
}
MEDIA = ("Audio", "Image")
LIST = re.compile(r"(?:large_|fixed_size_)?list<(?:(?:item|element): )?(?P<inner>.+?)(?: not null)?>(?:\[\d+\])?")
MAP = re.compile(r"map<(?P<key>[^,<>]+), (?P<value>.+?)(?: \('[^']*'\))?>")
DICTIONARY = re.compile(r"dictionary<values=(?P<inner>.+), indices=\w+, ordered=\d>")
DECIMAL = re.compile(r"decimal\d+\((?P<precision>\d+), ?(?P<scale>\d+)\)")
MOST_DIGITS = 38


def schema_string(columns: Sequence[Mapping[str, Any]]) -> str:
    """`columns`: [{"name", "dtype", "feature"}] of a version, of which `feature` may be missing."""
    fields = [_field(each["name"], _column(each)) for each in columns]
    return json.dumps({"type": "struct", "fields": fields})


def _column(column: Mapping[str, Any]) -> Type:
    feature = column.get("feature")
    return _of_feature(feature) if feature else _of_dtype(str(column.get("dtype", "")))


def _of_feature(feature: Any) -> Type:
    kind = feature.get("_type") if isinstance(feature, Mapping) else None
    if not isinstance(kind, str):  # a struct: its fields by name, of which one may be called `_type`
        return _struct({name: _of_feature(inner) for name, inner in dict(feature).items()})
    if kind in MEDIA:
        return _struct({"bytes": "binary", "path": "string"})
    if kind in ("Sequence", "List", "LargeList"):
        return _array(_of_feature(feature["feature"]))
    return _of_dtype(str(feature.get("dtype", "")))


def _of_dtype(dtype: str) -> Type:
    if dtype in PRIMITIVE:
        return PRIMITIVE[dtype]
    if dtype.startswith("timestamp"):
        return "timestamp"
    if dtype.startswith("fixed_size_binary"):
        return "binary"
    return _nested(dtype) or _decimal(dtype) or _media(dtype) or "string"


def _nested(dtype: str) -> Type | None:
    if found := LIST.fullmatch(dtype):
        return _array(_of_dtype(found["inner"]))
    if found := DICTIONARY.fullmatch(dtype):
        return _of_dtype(found["inner"])
    if found := MAP.fullmatch(dtype):
        key, value = _of_dtype(found["key"]), _of_dtype(found["value"])
        return {"type": "map", "keyType": key, "valueType": value, "valueContainsNull": True}
    return None


def _decimal(dtype: str) -> Type | None:
    found = DECIMAL.fullmatch(dtype)
    if found is None or int(found["precision"]) > MOST_DIGITS:
        return None
    return f"decimal({found['precision']},{found['scale']})"


def _media(dtype: str) -> Type | None:
    if dtype == "struct":
        return _struct({})
    return _struct({"bytes": "binary", "path": "string"}) if dtype.title() in MEDIA else None


def _array(inner: Type) -> Type:
    return {"type": "array", "elementType": inner, "containsNull": True}


def _struct(fields: Mapping[str, Type]) -> Type:
    return {"type": "struct", "fields": [_field(name, kind) for name, kind in fields.items()]}


def _field(name: str, kind: Type) -> dict[str, Any]:
    return {"name": name, "type": kind, "nullable": True, "metadata": {}}
