"""Where the rows of a prepared object belong by a layout, also of those whose values are erased."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator
from dataclasses import replace

import pyarrow as pa

from collective.catalog.models import WithdrawnRecord
from collective.core.storage import published
from ingestion.domain.plan import Key, Segment, Source
from ingestion.domain.splitting import CONFIG, SPLIT, Layout, Place
from ingestion.models import ShardBuild, VersionBuild
from ingestion.pipeline.record_lists import entries_of
from ingestion.pipeline.shards import places_of_rows, rows_by_place


class Placed:
    """The object `whole` with all its rows, of which some are `left_out`.

    A layout goes by values, and an erased row has none: it counts where it was by the build `before`, so that the
    others need not be moved. If it was in no version, any place will do, because it is left out of that, too.
    """

    def __init__(
        self, whole: Source, left_out: Collection[int], schema: pa.Schema, layout: Layout, before: VersionBuild | None
    ) -> None:
        self.whole = whole
        self._counts: Counter[Place] = Counter(rows_by_place(whole.segment, schema, layout))
        self._left_out: dict[Place, list[int]] = defaultdict(list)
        if left_out:
            self._left_out.update(places_of_rows(whole.segment, left_out, schema, layout))
        erased = set(left_out).difference(*self._left_out.values())
        for row, place in self._places_before(erased, before) if erased else ():
            self._counts[place] += 1
            self._left_out[place].append(row)

    def sources(self) -> Iterator[Source]:
        """What the object has for each place. One that lies in one place altogether needs no second look."""
        for place, rows in self._counts.items():
            size, span = self.whole.size * rows // self.whole.rows, None if rows == self.whole.rows else self.whole.rows
            yield replace(self.whole, rows=rows, size=size, span=span, place=place)

    def left_out(self) -> Iterator[tuple[Key, list[int]]]:
        for place, rows in self._left_out.items():
            yield (self.whole.prepared_sha256, place), rows

    def _places_before(self, rows: Collection[int], before: VersionBuild | None) -> Iterator[tuple[int, Place]]:
        sha256 = self.whole.prepared_sha256
        held = list(_held(before, sha256)) if before else []
        records = WithdrawnRecord.objects.filter(prepared_sha256=sha256).values_list("row", "record_id")
        default = next(iter(self._counts), (CONFIG, SPLIT))
        for row, record_id in records:
            if row in rows:
                covering = [(shard, segment) for shard, segment in held if row in segment.extent]
                yield row, _place(covering, row, record_id) or default


def _held(before: VersionBuild, sha256: str) -> Iterator[tuple[ShardBuild, Segment]]:
    for shard in before.shards.exclude(records_sha256="").order_by("number"):
        for segment in map(Segment.from_json, shard.segments):
            if segment.prepared_sha256 == sha256:
                yield shard, segment


def _place(covering: list[tuple[ShardBuild, Segment]], row: int, record_id: str) -> Place | None:
    """Of segments that the row may have been in: one that left it out, or whose shard lists the record."""
    places = {segment.place for _, segment in covering}
    if len(places) == 1:
        return places.pop()
    for _, segment in covering:
        if row in segment.left_out:
            return segment.place
    record = bytes.fromhex(record_id)
    for shard, segment in covering:
        with published().open(shard.records_sha256) as stored:
            if entries_of(stored, {record}):
                return segment.place
    return None
