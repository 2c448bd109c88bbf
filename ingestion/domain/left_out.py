"""Rows of prepared objects that a version does not hold though it holds their contribution."""

from collections.abc import Iterable, Mapping
from uuid import UUID

# By the SHA-256 of the object, ascending, each once.
Rows = dict[str, list[int]]
LeftOut = dict[UUID, Rows]


def united(*parts: Mapping[UUID, Mapping[str, Iterable[int]]]) -> LeftOut:
    found: dict[UUID, dict[str, set[int]]] = {}
    for part in parts:
        for contribution, objects in part.items():
            for sha256, rows in objects.items():
                found.setdefault(contribution, {}).setdefault(sha256, set()).update(rows)
    return {key: {sha256: sorted(rows) for sha256, rows in objects.items()} for key, objects in found.items()}


def counted(left_out: Mapping[UUID, Rows]) -> dict[UUID, int]:
    return {key: sum(map(len, objects.values())) for key, objects in left_out.items()}


def of_all(left_out: Mapping[UUID, Rows]) -> Rows:
    """An object belongs to one contribution."""
    return {sha256: rows for objects in left_out.values() for sha256, rows in objects.items()}


def covers(wider: Mapping[str, Iterable[int]], narrower: Mapping[str, Iterable[int]]) -> bool:
    return all(set(rows) <= set(wider.get(sha256, ())) for sha256, rows in narrower.items())
