"""WebDataset: a column per ending, the fields of `.json` as columns of their own."""

import posixpath
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

import pyarrow as pa

from ingestion.domain.kinds import Kind
from ingestion.domain.problems import Problem
from ingestion.pipeline.decoding import decode
from ingestion.pipeline.limits import MIB
from ingestion.pipeline.media import AudioFacts, UnreadableMediaError, media_facts
from ingestion.pipeline.member_names import shown
from ingestion.pipeline.readers.archives.index import Entry
from ingestion.pipeline.readers.archives.media_table import audio_feature, unreadable
from ingestion.pipeline.readers.archives.samples import JSON, KEY, Part, Sample, column_of, object_of, samples, value_of
from ingestion.pipeline.readers.base import BATCH_ROWS, Scan, check_columns
from ingestion.pipeline.readers.columns import ColumnTypes, batch_of
from ingestion.pipeline.readers.jsonl import NotAnObjectError
from ingestion.pipeline.readers.media_columns import Facts
from ingestion.pipeline.schema import MEDIA, with_feature

BATCH_BYTES = 8 * MIB


class WebDatasetReader:
    def __init__(self, scan: Scan, kind: Kind, entries: Sequence[Entry]) -> None:
        self.scan, self.kind = scan, kind
        self.entries = {entry.name: entry for entry in entries}
        self.facts: dict[str, list[Facts]] = {}
        self.complete: set[str] = set()
        self.json_is_struct = False
        self.others = ColumnTypes(scan.problems)
        self.json = ColumnTypes(scan.problems)

    def schema(self) -> pa.Schema:
        seen: set[str] = set()
        for row, sample in enumerate(samples(self.scan, self.kind, len(self.entries)), start=1):
            if sample.key in seen:
                self._tell("scattered_record", row, f"The files of “{shown(sample.key)}” do not follow each other.")
            seen.add(sample.key)
            self._see(sample, row)
        fields = [pa.field(KEY, pa.string()), *(_media_field(name, facts) for name, facts in self.facts.items())]
        fields += list(self.others.schema())
        fields += self._json_fields({each.name for each in fields})
        check_columns([each.name for each in fields], self.scan.problems)
        return pa.schema(fields)

    def batches(self, schema: pa.Schema) -> Iterator[pa.RecordBatch]:
        rows: list[dict[str, Any]] = []
        weight, done = 0, 0
        for sample in samples(self.scan, self.kind, len(self.entries)):
            rows.append(self._row(sample))
            weight += sample.weight
            if weight >= BATCH_BYTES or len(rows) == BATCH_ROWS:
                done += len(rows)
                yield batch_of(rows, schema)
                self.scan.progress(done, 0)
                rows, weight = [], 0
        if rows:
            yield batch_of(rows, schema)

    def _see(self, sample: Sample, row: int) -> None:
        columns: Counter[str] = Counter()
        for part in sample.files:
            entry = self.entries[part.name]
            column = column_of(part.ending, entry)
            columns[column] += 1
            if entry.is_media:
                self._see_media(column, part, row)
            elif entry.kind is None and not part.ending.endswith(JSON):
                self.scan.problems.add(entry.trouble or unreadable(part.name, "it is nothing we know"))
            else:
                self._see_text(column, part, row)
        self._check_complete(sample, columns, row)

    def _see_media(self, column: str, part: Part, row: int) -> None:
        facts = self.facts.setdefault(column, [])
        try:
            found = media_facts(part.data)
            decode(part.data, found, self.scan.looker, row=row, column=column)
        except UnreadableMediaError as error:
            self.scan.problems.add(unreadable(part.name, str(error)))
            return
        if facts and type(facts[0]) is not type(found):
            self._tell("mixed_media", row, f"“{shown(part.name)}” is a picture among recordings, or the reverse.")
        # One of each sampling rate says as much as all of them.
        if not any(_rate(found) == _rate(each) for each in facts):
            facts.append(found)

    def _see_text(self, column: str, part: Part, row: int) -> None:
        try:
            if column == JSON:
                self.json.see(object_of(part), row)
            else:
                self.others.see({column: value_of(column, part)}, row)
        except NotAnObjectError as error:
            what = f"“{shown(part.name)}”: {error.what}"
            self.scan.problems.add(Problem(error.code, what, error.action, row=row, example=shown(part.name)))

    def _check_complete(self, sample: Sample, columns: Counter[str], row: int) -> None:
        twice = [name for name, count in columns.items() if count > 1]
        if twice:
            self._tell("two_in_one_record", row, f"“{shown(sample.key)}” has two files for the column “{twice[0]}”.")
        # A column that is new here was lacking before: either way some record has no recording or picture.
        lacking = [name for name in self.facts if name not in columns or (row > 1 and name not in self.complete)]
        if lacking:
            what = f"“{shown(sample.key)}” and the records before it differ: not all have “{lacking[0]}”."
            self._tell("missing_file", row, what)
        self.complete = set(self.facts)

    def _json_fields(self, taken: set[str]) -> list[pa.Field]:
        """Columns of their own, or one struct if a name is taken."""
        fields = list(self.json.schema())
        if fields and not taken.isdisjoint(each.name for each in fields):
            self.json_is_struct = True
            return [pa.field(JSON, pa.struct(fields))]
        return fields

    def _row(self, sample: Sample) -> dict[str, Any]:
        row: dict[str, Any] = {KEY: sample.key}
        for part in sample.files:
            entry = self.entries[part.name]
            column = column_of(part.ending, entry)
            if entry.is_media:
                row[column] = {"bytes": part.data, "path": posixpath.basename(part.name)}
            elif column == JSON:
                value = object_of(part)
                row.update({JSON: value} if self.json_is_struct else value)
            else:
                row[column] = value_of(column, part)
        return row

    def _tell(self, code: str, row: int, what: str) -> None:
        self.scan.problems.add(
            Problem(code, what, "Pack each record as one run of files with its own base name.", row=row)
        )


def _media_field(name: str, facts: Sequence[Facts]) -> pa.Field:
    feature = audio_feature(facts)
    is_image = bool(facts) and "sampling_rate" not in vars(facts[0])
    return with_feature(pa.field(name, MEDIA), {"_type": "Image"} if is_image else feature)


def _rate(facts: Facts) -> int:
    return facts.sampling_rate if isinstance(facts, AudioFacts) else 0
