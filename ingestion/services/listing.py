"""The records of a contribution in the order of its files, for whoever wants to take single ones back."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass

from collective.catalog.models import Contribution
from collective.core.storage import published
from collective.core.storage.errors import ObjectNotFoundError
from ingestion.models import PreparedObject
from ingestion.pipeline.listing import rows_shown
from ingestion.pipeline.record_lists import ids_from
from ingestion.selectors import prepared_objects
from ingestion.services.finding import places_of_records


@dataclass(frozen=True)
class Listed:
    """`row` counts from 1 through the contribution. One that was taken back shows nothing of what it held."""

    row: int
    record_id: str
    values: dict[str, str]
    is_gone: bool


def list_records(contribution: Contribution, *, first: int, count: int) -> list[Listed]:
    """From row `first`, counted from 1."""
    gone = set(contribution.withdrawn_records.values_list("record_id", flat=True))
    listed: list[Listed] = []
    for prepared, begin, rows in _parts(contribution, first - 1, count):
        for record_id, values in _read(prepared, begin, rows):
            is_gone = record_id in gone
            listed.append(Listed(first + len(listed), record_id, {} if is_gone else values, is_gone))
    return listed


def row_of(contribution: Contribution, record_id: str) -> int | None:
    """Counted from 1 through the contribution."""
    places = places_of_records(contribution.pk, [record_id])
    before = 0
    for prepared in prepared_objects(contribution).defer("statistics", "preview"):
        for place in places:
            if place.prepared_sha256 == prepared.sha256:
                return before + place.row + 1
        before += prepared.rows
    return None


def _parts(contribution: Contribution, begin: int, count: int) -> Iterator[tuple[PreparedObject, int, int]]:
    """Which rows of which objects: the object, its first row, how many."""
    end, before = begin + count, 0
    for prepared in prepared_objects(contribution).defer("statistics", "preview"):
        low, high = max(begin, before), min(end, before + prepared.rows)
        if low < high:
            yield prepared, low - before, high - low
        before += prepared.rows


def _read(prepared: PreparedObject, begin: int, count: int) -> Iterator[tuple[str, dict[str, str]]]:
    with published().open(prepared.records_sha256) as stored:
        ids = list(ids_from(stored, begin, count))
    values: list[dict[str, str]] = []
    with suppress(ObjectNotFoundError):  # replaced at this moment, because a record was taken back
        values = list(rows_shown(prepared.object_sha256, begin, count))
    yield from zip(ids, values or [{}] * len(ids), strict=True)
