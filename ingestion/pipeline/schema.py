"""Columns and their types: inferring them from values, merging them, and saying them as Hugging Face features."""

import base64
import hashlib
import json
from typing import Any

import pyarrow as pa

from ingestion.pipeline.limits import JSON_DEPTH

RECORD_ID = "record_id"
FEATURE = b"feature"
MEDIA = pa.struct([pa.field("bytes", pa.binary()), pa.field("path", pa.string())])
MEDIA_TYPES = ("Audio", "Image")
INT64 = range(-(2**63), 2**63)
PLAIN = {str: pa.string(), bool: pa.bool_(), float: pa.float64(), type(None): pa.null()}
# Where Arrow and Hugging Face name a type differently.
DTYPES = {
    "double": "float64",
    "float": "float32",
    "halffloat": "float16",
    "date32[day]": "date32",
    "date64[ms]": "date64",
}


class TypeConflictError(Exception):
    """Two values of one column that no type holds. `found` and `expected` are words for people."""

    def __init__(self, found: pa.DataType, expected: pa.DataType) -> None:
        self.found, self.expected = in_words(found), in_words(expected)
        super().__init__(f"{found} and {expected}")


class TooDeepError(Exception):
    """Nested more than JSON_DEPTH levels."""


class TooLargeNumberError(Exception):
    """An integer beyond 64 bits."""


def type_of(value: Any, depth: int = 1) -> pa.DataType:
    """The Arrow type of a JSON value. Raises TypeConflictError, TooDeepError, TooLargeNumberError."""
    plain = PLAIN.get(type(value))
    if plain is not None:
        return plain
    if type(value) is int:
        if value not in INT64:
            raise TooLargeNumberError
        return pa.int64()
    if depth >= JSON_DEPTH:
        raise TooDeepError
    if isinstance(value, list):
        inner = pa.null()
        for each in value:
            inner = merged(inner, type_of(each, depth + 1))
        return pa.list_(inner)
    return pa.struct([pa.field(name, type_of(each, depth + 1)) for name, each in value.items()])


def merged(first: pa.DataType, second: pa.DataType) -> pa.DataType:
    """The type that holds both. Raises TypeConflictError."""
    if first.equals(second) or pa.types.is_null(second):
        return first
    if pa.types.is_null(first):
        return second
    if _is_number(first) and _is_number(second):
        return _merged_numbers(first, second)
    if pa.types.is_list(first) and pa.types.is_list(second):
        return pa.list_(merged(first.value_type, second.value_type))
    if pa.types.is_struct(first) and pa.types.is_struct(second):
        names = dict.fromkeys([each.name for each in [*first, *second]])
        return pa.struct([pa.field(name, _merged_field(first, second, name)) for name in names])
    raise TypeConflictError(second, first)


def merged_fields(first: pa.Field, second: pa.Field) -> pa.Field:
    """Types and features together; audio of several sampling rates names none. Raises TypeConflictError."""
    if feature_of(first).get("_type") != feature_of(second).get("_type"):
        raise TypeConflictError(second.type, first.type)
    kind = merged(first.type, second.type)
    if feature_of(first) == feature_of(second):
        return first.with_type(kind)
    return with_feature(first.with_type(kind), {"_type": feature_of(first)["_type"]})


def settled(schema: pa.Schema) -> pa.Schema:
    """The schema with a type where only empty values were seen: text."""
    return pa.schema([each.with_type(_settled(each.type)) for each in schema])


def with_feature(field: pa.Field, feature: dict[str, Any]) -> pa.Field:
    return field.with_metadata({FEATURE: json.dumps(feature, sort_keys=True).encode()})


def feature_of(field: pa.Field) -> dict[str, Any]:
    """The media feature of a field, or {}."""
    found: dict[str, Any] = json.loads((field.metadata or {}).get(FEATURE, b"{}"))
    return found


def is_media(field: pa.Field) -> bool:
    return feature_of(field).get("_type") in MEDIA_TYPES


def media_columns(schema: pa.Schema) -> list[str]:
    return [field.name for field in schema if is_media(field)]


def hub_features(schema: pa.Schema) -> dict[str, Any]:
    """What `datasets` reads from the Arrow schema's metadata, key `huggingface`."""
    return {field.name: feature_of(field) or _hub_feature(field.type) for field in schema}


def features_in(schema: pa.Schema, features: dict[str, Any]) -> pa.Schema:
    """The schema with the media features among `features`, as `hub_features` says them."""
    told = {name: feature for name, feature in features.items() if feature.get("_type") in MEDIA_TYPES}
    return pa.schema([with_feature(each, told[each.name]) if each.name in told else each for each in schema])


def columns_of(schema: pa.Schema) -> list[dict[str, Any]]:
    """`[{"name", "dtype", "feature"}]`, for people and for the catalog."""
    return [
        {"name": field.name, "dtype": dtype_of(field), "feature": feature_of(field) or _hub_feature(field.type)}
        for field in schema
    ]


def dtype_of(field: pa.Field) -> str:
    return feature_of(field)["_type"].lower() if is_media(field) else _dtype(field.type)


def as_text(schema: pa.Schema) -> str:
    """The schema as base64 of Arrow IPC."""
    return base64.b64encode(schema.serialize().to_pybytes()).decode()


def from_text(text: str) -> pa.Schema:
    return pa.ipc.read_schema(pa.py_buffer(base64.b64decode(text)))


def schema_sha256(schema: pa.Schema) -> str:
    """Names, types and features in order; stable across releases of the serializer."""
    return hashlib.sha256(json.dumps(columns_of(schema), sort_keys=True).encode()).hexdigest()


def in_words(kind: pa.DataType) -> str:
    if _is_number(kind):
        return "whole numbers" if pa.types.is_integer(kind) else "numbers"
    if pa.types.is_string(kind) or pa.types.is_large_string(kind):
        return "text"
    if pa.types.is_boolean(kind):
        return "yes/no values"
    if pa.types.is_list(kind) or pa.types.is_large_list(kind):
        return "lists"
    if kind.equals(MEDIA):
        return "media"
    return "objects" if pa.types.is_struct(kind) else str(kind)


def _is_number(kind: pa.DataType) -> bool:
    return bool(pa.types.is_integer(kind) or pa.types.is_floating(kind))


def _merged_numbers(first: pa.DataType, second: pa.DataType) -> pa.DataType:
    if pa.types.is_integer(first) and pa.types.is_integer(second):
        return pa.int64() if pa.types.is_signed_integer(first) or pa.types.is_signed_integer(second) else pa.uint64()
    return pa.float64()


def _merged_field(first: pa.StructType, second: pa.StructType, name: str) -> pa.DataType:
    at_first, at_second = first.get_field_index(name), second.get_field_index(name)
    if at_first < 0:
        return second.field(at_second).type
    if at_second < 0:
        return first.field(at_first).type
    return merged(first.field(at_first).type, second.field(at_second).type)


def _settled(kind: pa.DataType) -> pa.DataType:
    if pa.types.is_null(kind):
        return pa.string()
    if pa.types.is_list(kind):
        return pa.list_(_settled(kind.value_type))
    if pa.types.is_struct(kind):
        return pa.struct([each.with_type(_settled(each.type)) for each in kind])
    return kind


def _hub_feature(kind: pa.DataType) -> dict[str, Any]:
    if pa.types.is_list(kind):  # `Sequence`, because datasets 3 does not know `List`
        return {"feature": _hub_feature(kind.value_type), "_type": "Sequence"}
    if pa.types.is_struct(kind):
        return {each.name: _hub_feature(each.type) for each in kind}
    return {"dtype": _dtype(kind), "_type": "Value"}


def _dtype(kind: pa.DataType) -> str:
    if pa.types.is_list(kind):
        return f"list<{_dtype(kind.value_type)}>"
    if pa.types.is_struct(kind):
        return "struct"
    return DTYPES.get(str(kind), str(kind))
