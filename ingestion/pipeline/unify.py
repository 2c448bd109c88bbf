"""One schema for many prepared objects."""

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass

import pyarrow as pa

from ingestion.errors import SchemaMismatchError
from ingestion.pipeline.schema import TypeConflictError, is_media, merged_fields, settled

NOTHING, MEDIA = "nothing", "media"


@dataclass(frozen=True)
class Conflict:
    """What does not fit: in the contribution of that title, the column holds `found`, elsewhere `expected`."""

    title: str
    column: str
    found: str
    expected: str


@dataclass(frozen=True)
class Proposal:
    """A schema that holds everything but the conflicts."""

    schema: pa.Schema
    conflicts: list[Conflict]


def proposed(titled: Iterable[tuple[str, pa.Schema]]) -> Proposal:
    """The columns of all, in the order first seen; a column that some lack is empty there.

    A recording or picture may not be lacking: a record without it would be another kind of record. What came first
    says what a column holds.
    """
    fields: dict[str, pa.Field] = {}
    conflicts: dict[Conflict, None] = {}
    for number, (title, schema) in enumerate(titled):
        lacking = list(_media_conflicts(title, fields, schema)) if number else []
        conflicts |= dict.fromkeys(lacking)
        refused = {each.column for each in lacking}
        for field in schema:
            if field.name not in refused:
                conflicts |= dict.fromkeys(_put(title, fields, field))
    return Proposal(settled(pa.schema(list(fields.values()))), list(conflicts))


def unified(titled: Iterable[tuple[str, pa.Schema]]) -> pa.Schema:
    """The schema that holds everything. Raises SchemaMismatchError with the first title and column that do not fit."""
    proposal = proposed(titled)
    for conflict in proposal.conflicts:
        raise SchemaMismatchError(**asdict(conflict))
    return proposal.schema


def _put(title: str, fields: dict[str, pa.Field], field: pa.Field) -> Iterator[Conflict]:
    known = fields.get(field.name, field)
    try:
        fields[field.name] = merged_fields(known, field)
    except TypeConflictError as conflict:
        yield Conflict(title, field.name, conflict.found, conflict.expected)


def _media_conflicts(title: str, known: dict[str, pa.Field], schema: pa.Schema) -> Iterator[Conflict]:
    before = {name for name, field in known.items() if is_media(field)}
    here = {field.name for field in schema if is_media(field)}
    for column in sorted(before ^ here):
        found, expected = (NOTHING, MEDIA) if column in before else (MEDIA, NOTHING)
        yield Conflict(title, column, found, expected)
