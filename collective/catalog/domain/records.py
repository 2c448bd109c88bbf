"""Finding records by id, and listing them. The catalog counts records; who prepared them knows them, and registers."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID


@dataclass(frozen=True)
class RecordPlace:
    """`row` counts from 0 in the prepared object; `record_sha256` is the hash of the record's values."""

    record_id: str
    record_sha256: str
    prepared_sha256: str
    row: int


class ListedRecord(NamedTuple):
    record_id: str
    record_sha256: str


# contribution, record ids (32 hex characters) → what was found of them, in no order.
Finder = Callable[[UUID, Collection[str]], list[RecordPlace]]

_FINDER: list[Finder] = []


def finds_records(finder: Finder) -> Finder:
    """Registers the one finder of the instance. Raises ValueError for a second one."""
    if _FINDER and [finder] != _FINDER:
        raise ValueError("records already have a finder")
    _FINDER[:] = [finder]
    return finder


def find_records(contribution_id: UUID, record_ids: Collection[str]) -> list[RecordPlace]:
    """Those that the contribution holds; an id that it does not hold is missing from the answer."""
    (finder,) = _FINDER
    return finder(contribution_id, record_ids)


# contribution, first place from 0, how many at most → the records from there on, always in the same order.
Lister = Callable[[UUID, int, int], list[ListedRecord]]

_LISTER: list[Lister] = []


def lists_records(lister: Lister) -> Lister:
    """Registers the one lister of the instance. Raises ValueError for a second one."""
    if _LISTER and [lister] != _LISTER:
        raise ValueError("records already have a lister")
    _LISTER[:] = [lister]
    return lister


def list_records(contribution_id: UUID, *, first: int = 0, count: int) -> list[ListedRecord]:
    """What the contribution was checked to hold, also after its bytes were erased. Shorter than `count`: the end."""
    (lister,) = _LISTER
    return lister(contribution_id, first, count)
