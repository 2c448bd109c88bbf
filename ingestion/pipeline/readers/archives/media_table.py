"""Records that are a recording or picture and a row of a table: decoded once, then written in the archive's order."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pyarrow as pa

from ingestion.domain.kinds import Kind
from ingestion.domain.problems import Problem, broken
from ingestion.pipeline.archives import Member, members
from ingestion.pipeline.decoding import decode
from ingestion.pipeline.limits import MIB
from ingestion.pipeline.media import AudioFacts, ImageFacts, UnreadableMediaError, media_facts
from ingestion.pipeline.member_names import shown
from ingestion.pipeline.readers.base import BATCH_ROWS, Scan, check_columns
from ingestion.pipeline.readers.media_columns import Facts
from ingestion.pipeline.schema import MEDIA, with_feature

BATCH_BYTES = 8 * MIB


class MediaTableReader:
    def __init__(self, scan: Scan, kind: Kind, rows: Mapping[str, int], table: pa.Table) -> None:
        """`rows` says for each member that becomes a record which row of `table` belongs to it."""
        self.scan, self.kind, self.rows, self.table = scan, kind, rows, table

    def schema(self) -> pa.Schema:
        facts: list[Facts] = []
        for row, member in enumerate(self._members(), start=1):
            found = self._facts(member, row)
            facts += [found] if found else []
            self.scan.progress(row, self._part(row))
        field = media_field(facts)
        check_columns([field.name, *self.table.schema.names], self.scan.problems)
        return pa.schema([field, *self.table.schema.remove_metadata()])

    def batches(self, schema: pa.Schema) -> Iterator[pa.RecordBatch]:
        waiting: list[tuple[str, bytes]] = []
        weight, done = 0, 0
        for member in self._members():
            waiting.append((member.name, member.read()))
            weight += len(waiting[-1][1])
            if weight >= BATCH_BYTES or len(waiting) == BATCH_ROWS:
                done += len(waiting)
                yield self._batch(waiting, schema)
                self.scan.progress(done, self._part(done))
                waiting, weight = [], 0
        if waiting:
            yield self._batch(waiting, schema)

    def _members(self) -> Iterator[Member]:
        return (each for each in members(self.scan.path, self.kind) if each.name in self.rows)

    def _part(self, row: int) -> int:
        return self.scan.path.stat().st_size * row // max(1, len(self.rows))

    def _facts(self, member: Member, row: int) -> Facts | None:
        try:
            data = member.read()
            facts = media_facts(data)
            column = "audio" if isinstance(facts, AudioFacts) else "image"
            decode(data, facts, self.scan.looker, row=row, column=column)
        except UnreadableMediaError as error:
            self.scan.problems.add(unreadable(member.name, str(error)))
            return None
        return facts

    def _batch(self, waiting: Sequence[tuple[str, bytes]], schema: pa.Schema) -> pa.RecordBatch:
        values = [{"bytes": data, "path": name.rsplit("/", 1)[-1]} for name, data in waiting]
        columns = [pa.array(values, MEDIA)]
        if self.table.num_columns:
            known = self.table.take([self.rows[name] for name, _ in waiting]).combine_chunks()
            columns += [
                column.chunk(0).cast(kind.type) for column, kind in zip(known.columns, list(schema)[1:], strict=True)
            ]
        return pa.record_batch(columns, schema=schema)


def unreadable(name: str, why: str) -> Problem:
    return Problem(
        "unreadable_media",
        f"“{shown(name)}” is no recording or picture that can be read: {why}.",
        "Export this file again, or take it and its metadata row out.",
        example=shown(name),
    )


def media_field(facts: Sequence[Facts]) -> pa.Field:
    """The column for these recordings or pictures. Raises BrokenFileError if they are both."""
    kinds = {type(each) for each in facts}
    if len(kinds) > 1:
        raise broken("mixed_media", "The archive holds recordings and pictures.", "Make one archive of each.")
    if kinds == {ImageFacts}:
        return with_feature(pa.field("image", MEDIA), {"_type": "Image"})
    return with_feature(pa.field("audio", MEDIA), audio_feature(facts))


def audio_feature(facts: Sequence[Facts]) -> dict[str, Any]:
    """`sampling_rate` only when all recordings share one."""
    rates = {each.sampling_rate for each in facts if isinstance(each, AudioFacts)}
    return {"_type": "Audio", "sampling_rate": rates.pop()} if len(rates) == 1 else {"_type": "Audio"}
