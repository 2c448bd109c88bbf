"""The text by which a record is compared: the longest of its texts.

Not all of them joined: names, dates and labels beside the text would make the same text look different in another
dataset, and records with the same frame look alike. Texts in a list (the turns of a conversation) count as one.

Where records have pictures or recordings, the texts say something about these, and many may say the same: forty people
who read one sentence aloud are no copies of each other. Such records are not compared by their texts.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from numpy.typing import NDArray

from collective.core.storage import published
from ingestion.domain.similarity import MOST_CHARACTERS
from ingestion.pipeline.checks.places import Lookout
from ingestion.pipeline.checks.seen import Seen, Texts
from ingestion.pipeline.data_file import schema_of_file
from ingestion.pipeline.limits import MIB
from ingestion.pipeline.schema import RECORD_ID, is_media
from ingestion.pipeline.shingles import Words, shingle_sets
from ingestion.selectors import stored_sha256

BATCH_ROWS = 1000
BATCH_BYTES = 8 * MIB


@dataclass(frozen=True)
class TextRecord:
    record_id: str
    text: str


@dataclass(frozen=True)
class Shingled:
    """`shingles`: the hash of each, once, ascending."""

    record_id: str
    shingles: Words


@dataclass(frozen=True)
class TextBatch:
    """`texts` and `record_ids` of rows from `first_row` on, counted from 0 through the object."""

    first_row: int
    record_ids: pa.Array
    texts: pa.Array

    def inside(self, rows: NDArray[np.int64]) -> NDArray[np.int64]:
        """Which of `rows`, as places in this batch."""
        places = rows - self.first_row
        return places[(places >= 0) & (places < len(self.texts))]

    def record(self, at: int) -> TextRecord:
        text = self.texts[at].as_py() or ""
        return TextRecord(self.record_ids[at].as_py(), text[:MOST_CHARACTERS])


def text_batches(sha256: str, rows: Collection[int] = ()) -> Iterator[TextBatch]:
    """Of a prepared object; with `rows`, only the parts that hold any of these. Raises ObjectNotFoundError."""
    wanted = np.array(sorted(rows), np.int64)
    with published().open(stored_sha256(sha256)) as stored:
        file = pq.ParquetFile(stored, pre_buffer=False)
        columns = _columns(file.schema_arrow)
        if len(columns) < 2:
            return
        for group, first_row in _groups(file, wanted):
            at = first_row
            for batch in file.iter_batches(BATCH_ROWS, row_groups=[group], columns=columns, use_threads=False):
                if _holds_any(wanted, at, batch.num_rows):
                    yield from _small(batch, at)
                at += batch.num_rows


def records_at(sha256: str, rows: Collection[int]) -> dict[int, TextRecord]:
    """These rows of a prepared object, as far as they are compared. Raises ObjectNotFoundError."""
    wanted = np.array(sorted(rows), np.int64)
    batches = text_batches(sha256, rows) if rows else ()
    return {batch.first_row + at: batch.record(at) for batch in batches for at in batch.inside(wanted).tolist()}


def shingled_at(sha256: str, rows: Collection[int]) -> dict[int, Shingled]:
    """The same for a comparison; texts that are too short are missing. Raises ObjectNotFoundError."""
    wanted, found = np.array(sorted(rows), np.int64), {}
    for batch in text_batches(sha256, rows) if rows else ():
        inside = batch.inside(wanted)
        for number, shingles in shingle_sets(batch.texts.take(inside)).items():
            at = int(inside[number])
            found[batch.first_row + at] = Shingled(batch.record_ids[at].as_py(), shingles)
    return found


def longest_texts(batch: pa.RecordBatch) -> pa.Array:
    """Of each row the longest of its texts; null where there is none. Of equals, the first column's."""
    places = [_per_row(texts, batch.num_rows) for texts in Seen(batch, 1, Lookout()).texts]
    if not places:
        return pa.nulls(batch.num_rows, pa.large_string())
    lengths = np.stack([np.diff(np.frombuffer(each.buffers()[1], np.int64)) for each in places])
    return pc.choose(pa.array(lengths.argmax(axis=0)), *places)


def _columns(schema: pa.Schema) -> list[str]:
    """The id, and every column that may hold texts; nothing where there are pictures or recordings."""
    fields = schema_of_file(schema)
    if any(is_media(field) for field in fields):
        return []
    plain = (pa.types.is_integer, pa.types.is_floating, pa.types.is_boolean, pa.types.is_temporal, pa.types.is_binary)
    return [field.name for field in fields if not any(test(field.type) for test in plain)]


def _groups(file: pq.ParquetFile, wanted: NDArray[np.int64]) -> Iterator[tuple[int, int]]:
    """Number and first row of each row group that is wanted."""
    at = 0
    for number in range(file.metadata.num_row_groups):
        count = file.metadata.row_group(number).num_rows
        if _holds_any(wanted, at, count):
            yield number, at
        at += count


def _holds_any(wanted: NDArray[np.int64], first_row: int, count: int) -> bool:
    """Of `wanted`, ascending; everything is wanted if it is empty."""
    return not len(wanted) or bool(np.diff(np.searchsorted(wanted, [first_row, first_row + count]))[0])


def _small(batch: pa.RecordBatch, first_row: int) -> Iterator[TextBatch]:
    """In slices of about BATCH_BYTES, since a record may be large."""
    most = max(1, BATCH_ROWS * BATCH_BYTES // max(batch.nbytes, BATCH_BYTES))
    for at in range(0, batch.num_rows, most):
        part = batch.slice(at, most)
        texts = longest_texts(part.drop_columns([RECORD_ID]))
        yield TextBatch(first_row + at, part.column(RECORD_ID), texts)


def _per_row(texts: Texts, rows: int) -> pa.Array:
    """All that a row has at this place, as one text: it lies together already."""
    ends = np.searchsorted(texts.parents, np.arange(rows + 1))
    offsets = texts.bounds[ends].astype(np.int64)
    return pa.Array.from_buffers(pa.large_string(), rows, [None, pa.py_buffer(offsets), pa.py_buffer(texts.data)])
