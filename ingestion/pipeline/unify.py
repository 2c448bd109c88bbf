"""One schema for many prepared objects."""

from collections.abc import Iterable

import pyarrow as pa

from ingestion.errors import SchemaMismatchError
from ingestion.pipeline.schema import TypeConflictError, is_media, merged_fields, settled


def unified(titled: Iterable[tuple[str, pa.Schema]]) -> pa.Schema:
    """The columns of all, in the order first seen; a column that some lack is empty there.

    A recording or picture may not be lacking: a record without it would be another kind of record.
    Raises SchemaMismatchError with the title and the column that do not fit.
    """
    fields: dict[str, pa.Field] = {}
    for number, (title, schema) in enumerate(titled):
        _same_media(title, fields, schema, first=number == 0)
        for field in schema:
            fields[field.name] = _merged(title, fields.get(field.name), field)
    return settled(pa.schema(list(fields.values())))


def _merged(title: str, known: pa.Field | None, field: pa.Field) -> pa.Field:
    if known is None:
        return field
    try:
        return merged_fields(known, field)
    except TypeConflictError as conflict:
        raise SchemaMismatchError(
            title=title, column=field.name, found=conflict.found, expected=conflict.expected
        ) from conflict


def _same_media(title: str, known: dict[str, pa.Field], schema: pa.Schema, *, first: bool) -> None:
    before = {name for name, field in known.items() if is_media(field)}
    here = {field.name for field in schema if is_media(field)}
    if first or before == here:
        return
    column = min(before ^ here)
    held = ("nothing", "media") if column in before else ("media", "nothing")
    raise SchemaMismatchError(title=title, column=column, found=held[0], expected=held[1])
