"""Finding records by id. The catalog counts records; who prepared them knows where each lies, and registers here."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True)
class RecordPlace:
    """`row` counts from 0 in the prepared object; `record_sha256` is the hash of the record's values."""

    record_id: str
    record_sha256: str
    prepared_sha256: str
    row: int


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
