"""The shard plan of a version: which rows of which prepared object go into which shard, in a stable order."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Self
from uuid import UUID

import rfc8785

# Raised when the same recipe would give other bytes: a new writer, codec or setting.
WRITER_VERSION = 1


@dataclass(frozen=True)
class Segment:
    """Rows `[first_row, first_row + rows)` of a contribution's prepared object."""

    contribution_id: UUID
    prepared_sha256: str
    first_row: int
    rows: int

    def as_json(self) -> dict[str, Any]:
        return {
            "contribution_id": str(self.contribution_id),
            "prepared_sha256": self.prepared_sha256,
            "first_row": self.first_row,
            "rows": self.rows,
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        return cls(UUID(data["contribution_id"]), data["prepared_sha256"], data["first_row"], data["rows"])


@dataclass(frozen=True)
class Source:
    """A prepared object to be packed: its rows and bytes."""

    contribution_id: UUID
    prepared_sha256: str
    rows: int
    size: int


Shard = tuple[Segment, ...]


def pack(sources: Iterable[Source], *, target_rows: int, target_bytes: int) -> list[Shard]:
    """Fill shards one after another up to either target; every row lands in exactly one, in the given order.

    A row's bytes are taken as its object's mean, so a shard may pass `target_bytes` by what its rows vary.
    """
    shards: list[Shard] = []
    current: list[Segment] = []
    room_rows, room_bytes = target_rows, float(target_bytes)
    for source in sources:
        mean = max(source.size / source.rows, 1.0) if source.rows else 1.0
        first = 0
        while first < source.rows:
            fit = min(source.rows - first, room_rows, int(room_bytes / mean))
            if fit < 1 and current:
                shards.append(tuple(current))
                current, room_rows, room_bytes = [], target_rows, float(target_bytes)
                continue
            fit = max(fit, 1)
            current.append(Segment(source.contribution_id, source.prepared_sha256, first, fit))
            first, room_rows, room_bytes = first + fit, room_rows - fit, room_bytes - fit * mean
    return [*shards, tuple(current)] if current else shards


def without(plan: Sequence[Shard], withdrawn: Iterable[UUID]) -> list[Shard]:
    """The plan without the segments of these contributions. A shard that held none of them is the same shard."""
    gone = set(withdrawn)
    left = (tuple(each for each in shard if each.contribution_id not in gone) for shard in plan)
    return [shard for shard in left if shard]


def extended(plan: Sequence[Shard], sources: Sequence[Source], *, target_rows: int, target_bytes: int) -> list[Shard]:
    """The plan that follows `plan`: its shards as they are, then new shards with the sources it does not hold.

    So what was published before stays the same object, and a client that has it need not load it again.
    """
    held = {segment.prepared_sha256 for shard in plan for segment in shard}
    new = [source for source in sources if source.prepared_sha256 not in held]
    return [*plan, *pack(new, target_rows=target_rows, target_bytes=target_bytes)]


def rows_of(plan: Iterable[Shard]) -> dict[UUID, int]:
    """Records per contribution."""
    counts: dict[UUID, int] = {}
    for shard in plan:
        for segment in shard:
            counts[segment.contribution_id] = counts.get(segment.contribution_id, 0) + segment.rows
    return counts


def recipe_sha256(shard: Shard, *, schema_sha256: str) -> str:
    """Names a shard by everything that decides its bytes, before it is built."""
    recipe = {"writer": WRITER_VERSION, "schema": schema_sha256, "segments": [each.as_json() for each in shard]}
    return hashlib.sha256(rfc8785.dumps(recipe)).hexdigest()


def shard_path(number: int, count: int) -> str:
    """`number` from 0, as the Hugging Face Hub numbers files."""
    return f"default/train-{number:05d}-of-{count:05d}.parquet"
