"""The shard plan of a version: which rows of which prepared object go into which shard, in a stable order."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self
from uuid import UUID

import rfc8785

# Raised when the same recipe would give other bytes: a new writer, codec or setting.
WRITER_VERSION = 2
ALONE_SHARE = 12


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
    """Rows of a prepared object to be packed, and their bytes."""

    contribution_id: UUID
    prepared_sha256: str
    rows: int
    size: int
    first_row: int = 0

    @property
    def segment(self) -> Segment:
        return Segment(self.contribution_id, self.prepared_sha256, self.first_row, self.rows)


@dataclass(frozen=True)
class Target:
    """What a shard aims at."""

    rows: int
    bytes: int

    def is_met_by(self, source: Source) -> bool:
        """Whether the object is a shard as it is: perhaps a little small or large, but nothing has to be copied."""
        return source.rows <= self.rows and self.bytes <= source.size * ALONE_SHARE and source.size <= 2 * self.bytes


Shard = tuple[Segment, ...]


def pack(sources: Iterable[Source], target: Target) -> list[Shard]:
    """Fill shards one after another up to either target; every row lands in exactly one, in the given order.

    A row's bytes are taken as its object's mean, so a shard may pass the target by what its rows vary.
    """
    shards: list[Shard] = []
    current: list[Segment] = []
    room_rows, room_bytes = target.rows, target.bytes
    for source in sources:
        if target.is_met_by(source):
            shards += [tuple(current)] if current else []
            shards.append((source.segment,))
            current, room_rows, room_bytes = [], target.rows, target.bytes
            continue
        mean = max(1, -(-source.size // source.rows))
        first, end = source.first_row, source.first_row + source.rows
        while first < end:
            fit = min(end - first, room_rows, room_bytes // mean)
            if fit < 1 and current:
                shards.append(tuple(current))
                current, room_rows, room_bytes = [], target.rows, target.bytes
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


def extended(plan: Sequence[Shard], sources: Sequence[Source], target: Target) -> list[Shard]:
    """The plan that follows `plan`: its shards as they are, then shards with what it does not hold yet.

    So what was published before stays the same object, and a client that has it need not load it again. Only a last
    shard that is less than half full is opened again, or many small additions would make many small shards.
    `sources` holds every prepared object of the new version.
    """
    kept = list(plan)
    objects = {source.prepared_sha256: source for source in sources}
    new = [source for source in sources if source.prepared_sha256 not in _objects_in(plan)]
    if new and kept and _is_small(kept[-1], objects, target):
        new = [*(_reopened(segment, objects) for segment in kept.pop()), *new]
    return [*kept, *pack(new, target)]


def _objects_in(plan: Iterable[Shard]) -> set[str]:
    return {segment.prepared_sha256 for shard in plan for segment in shard}


def _is_small(shard: Shard, objects: Mapping[str, Source], target: Target) -> bool:
    opened = [_reopened(segment, objects) for segment in shard]
    return sum(each.rows for each in opened) * 2 < target.rows and sum(each.size for each in opened) * 2 < target.bytes


def _reopened(segment: Segment, objects: Mapping[str, Source]) -> Source:
    whole = objects[segment.prepared_sha256]
    size = whole.size * segment.rows // whole.rows
    return Source(segment.contribution_id, segment.prepared_sha256, segment.rows, size, segment.first_row)


def rows_of(plan: Iterable[Shard]) -> dict[UUID, int]:
    """Records per contribution."""
    counts: dict[UUID, int] = {}
    for shard in plan:
        for segment in shard:
            counts[segment.contribution_id] = counts.get(segment.contribution_id, 0) + segment.rows
    return counts


def recipe_sha256(shard: Shard, *, schema_sha256: str) -> str:
    """Names a shard by everything that decides its bytes, before it is built."""
    recipe: dict[str, Any] = {
        "writer": WRITER_VERSION,
        "schema": schema_sha256,
        "segments": [each.as_json() for each in shard],
    }
    return hashlib.sha256(rfc8785.dumps(recipe)).hexdigest()


def shard_path(number: int, count: int) -> str:
    """`number` from 0, as the Hugging Face Hub numbers files."""
    return f"default/train-{number:05d}-of-{count:05d}.parquet"
