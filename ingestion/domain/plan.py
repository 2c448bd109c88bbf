"""The shard plan of a version: which rows of which prepared object go into which shard, in a stable order."""

import hashlib
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Self
from uuid import UUID

import rfc8785

from ingestion.domain.splitting import CONFIG, SPLIT, Place

# Raised when the same recipe would give other bytes: a new writer, codec or setting.
WRITER_VERSION = 2
ALONE_SHARE = 12
# What a prepared object has in one place, by the object's SHA-256.
Key = tuple[str, Place]


@dataclass(frozen=True)
class Segment:
    """Rows `[first_row, first_row + rows)` of a contribution's prepared object.

    With a `span`: those `rows` of `[first_row, first_row + span)` that the version's layout puts into `place` and that
    are not among the rows `left_out`.
    """

    contribution_id: UUID
    prepared_sha256: str
    first_row: int
    rows: int
    span: int | None = None
    place: Place = (CONFIG, SPLIT)
    left_out: tuple[int, ...] = ()

    @property
    def key(self) -> Key:
        return self.prepared_sha256, self.place

    @property
    def extent(self) -> range:
        """The object's rows that it is chosen from."""
        return range(self.first_row, self.first_row + (self.rows if self.span is None else self.span))

    def as_json(self) -> dict[str, Any]:
        told = {
            "contribution_id": str(self.contribution_id),
            "prepared_sha256": self.prepared_sha256,
            "first_row": self.first_row,
            "rows": self.rows,
            "span": self.span,
            "place": list(self.place),
        }
        return {**told, "left_out": list(self.left_out)} if self.left_out else told

    def leaving_out(self, gone: Collection[int]) -> "Segment | None":
        """Without exactly these of its object's rows, whatever it left out before. None if no row is left."""
        left_out = tuple(sorted(row for row in gone if row in self.extent))
        rows = self.rows + len(self.left_out) - len(left_out)
        span = None if rows == len(self.extent) else len(self.extent)
        return replace(self, rows=rows, span=span, left_out=left_out) if rows else None

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        config, split = data.get("place", (CONFIG, SPLIT))
        where = (data["first_row"], data["rows"], data.get("span"), (config, split))
        left_out = tuple(data.get("left_out", ()))
        return cls(UUID(data["contribution_id"]), data["prepared_sha256"], *where, left_out)


@dataclass(frozen=True)
class Source:
    """Rows of a prepared object to be packed, and their bytes. `span` and `place` as of a segment."""

    contribution_id: UUID
    prepared_sha256: str
    rows: int
    size: int
    first_row: int = 0
    span: int | None = None
    place: Place = (CONFIG, SPLIT)

    @property
    def key(self) -> Key:
        return self.prepared_sha256, self.place

    @property
    def segment(self) -> Segment:
        return Segment(self.contribution_id, self.prepared_sha256, self.first_row, self.rows, self.span, self.place)


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

    A row's bytes are taken as its object's mean, so a shard may pass the target by what its rows vary. A shard has
    rows of one place only; rows that are spread over a span stay together.
    """
    filling = _Filling(target)
    for source in sources:
        filling.add(source)
    return filling.finished()


class _Filling:
    """Shards that are full, and the one that is being filled."""

    def __init__(self, target: Target) -> None:
        self.target = target
        self.full: list[Shard] = []
        self.current: list[Segment] = []
        self.room_rows, self.room_bytes = target.rows, target.bytes

    def add(self, source: Source) -> None:
        if self.current and self.current[0].place != source.place:
            self._close()
        if self.target.is_met_by(source):
            self._close()
            self.full.append((source.segment,))
        elif source.span is not None:
            self._add_whole(source)
        else:
            self._add_rows(source)

    def finished(self) -> list[Shard]:
        self._close()
        return self.full

    def _add_whole(self, source: Source) -> None:
        if source.rows > self.room_rows or source.size > self.room_bytes:
            self._close()
        self._take(source.segment, source.size)

    def _add_rows(self, source: Source) -> None:
        mean = max(1, -(-source.size // source.rows))
        first, end = source.first_row, source.first_row + source.rows
        while first < end:
            fit = min(end - first, self.room_rows, self.room_bytes // mean)
            if fit < 1 and self.current:
                self._close()
                continue
            fit = max(fit, 1)
            self._take(replace(source.segment, first_row=first, rows=fit), fit * mean)
            first += fit

    def _take(self, segment: Segment, size: int) -> None:
        self.current.append(segment)
        self.room_rows, self.room_bytes = self.room_rows - segment.rows, self.room_bytes - size

    def _close(self) -> None:
        if self.current:
            self.full.append(tuple(self.current))
        self.current, self.room_rows, self.room_bytes = [], self.target.rows, self.target.bytes


def leaving_out(plan: Iterable[Shard], gone: Mapping[Key, Collection[int]]) -> list[Shard]:
    """The plan without exactly these rows: others that it left out return, and no row moves to another shard."""
    return _changed(plan, lambda segment: segment.leaving_out(gone.get(segment.key, ())))


def extended(plan: Sequence[Shard], sources: Sequence[Source], target: Target) -> list[Shard]:
    """The plan that follows `plan`: its shards as they are, then shards with what it does not hold yet.

    So what was published before stays the same object, and a client that has it need not load it again. Only a last
    shard that is less than half full is opened again, or many small additions would make many small shards.
    `sources` holds every prepared object of the new version; what `plan` has of others, or not with all its rows, goes.
    """
    known = {source.key: source for source in sources}
    held = {key for key, rows in _held(plan).items() if key in known and known[key].rows == rows}
    kept = _changed(plan, lambda segment: segment if segment.key in held else None)
    new = [source for source in sources if source.key not in held]
    if new and kept and kept[-1][0].place == new[0].place and _is_small(kept[-1], known, target):
        new = [*(_reopened(segment, known) for segment in kept.pop()), *new]
    return [*kept, *pack(new, target)]


def _held(plan: Iterable[Shard]) -> Counter[Key]:
    rows: Counter[Key] = Counter()
    for shard in plan:
        for segment in shard:
            rows[segment.key] += segment.rows
    return rows


def _changed(plan: Iterable[Shard], change: Callable[[Segment], Segment | None]) -> list[Shard]:
    """Each segment as `change` gives it; shards of which nothing is left are no more."""
    left = (tuple(filter(None, map(change, shard))) for shard in plan)
    return [shard for shard in left if shard]


def _is_small(shard: Shard, known: Mapping[Key, Source], target: Target) -> bool:
    opened = [_reopened(segment, known) for segment in shard]
    return sum(each.rows for each in opened) * 2 < target.rows and sum(each.size for each in opened) * 2 < target.bytes


def _reopened(segment: Segment, known: Mapping[Key, Source]) -> Source:
    whole = known[segment.key]
    size = whole.size * segment.rows // whole.rows
    return replace(whole, rows=segment.rows, size=size, first_row=segment.first_row, span=segment.span)


def rows_of(plan: Iterable[Shard]) -> dict[UUID, int]:
    """Records per contribution."""
    counts: dict[UUID, int] = {}
    for shard in plan:
        for segment in shard:
            counts[segment.contribution_id] = counts.get(segment.contribution_id, 0) + segment.rows
    return counts


def rows_of_places(plan: Iterable[Shard]) -> Counter[Place]:
    counts: Counter[Place] = Counter()
    for shard in plan:
        counts[place_of(shard)] += sum(segment.rows for segment in shard)
    return counts


def recipe_sha256(shard: Shard, *, schema_sha256: str, layout: dict[str, Any]) -> str:
    """Names a shard by everything that decides its bytes, before it is built. `layout` decides only over a span."""
    recipe: dict[str, Any] = {
        "writer": WRITER_VERSION,
        "schema": schema_sha256,
        "segments": [each.as_json() for each in shard],
        "layout": layout if any(each.span is not None for each in shard) else {},
    }
    return hashlib.sha256(rfc8785.dumps(recipe)).hexdigest()


def place_of(shard: Shard) -> Place:
    """Config and split. A shard is never empty."""
    return shard[0].place
