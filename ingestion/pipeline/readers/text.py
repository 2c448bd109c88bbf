"""Plain text: each line is a record with the one column “text”. Empty lines are none."""

from collections.abc import Iterator

import pyarrow as pa

from ingestion.domain.problems import Problem
from ingestion.pipeline.limits import MIB
from ingestion.pipeline.readers.base import BATCH_ROWS, Scan
from ingestion.pipeline.readers.lines import lines

TEXT = "text"
SCHEMA = pa.schema([pa.field(TEXT, pa.string())])
BATCH_BYTES = 8 * MIB


class TextReader:
    def __init__(self, scan: Scan) -> None:
        self.scan = scan

    def schema(self) -> pa.Schema:
        """Says that it took the file for plain text, which a table of one column may be too."""
        for number, (_, offset) in enumerate(self._texts(), start=1):
            self.scan.progress(number, offset)
        if self.scan.begin == 0:
            self.scan.warnings.append(
                Problem(
                    "read_as_text",
                    "This file was read as plain text: every line is one record in the column “text”.",
                    "If it is a table, separate its columns with commas or tabs and name them in the first row.",
                )
            )
        return SCHEMA

    def batches(self, schema: pa.Schema) -> Iterator[pa.RecordBatch]:
        texts: list[str] = []
        weight, rows = 0, 0
        for text, offset in self._texts():
            texts.append(text)
            weight += len(text)
            if len(texts) == BATCH_ROWS or weight >= BATCH_BYTES:
                rows += len(texts)
                yield pa.record_batch([pa.array(texts, pa.string())], schema=schema)
                self.scan.progress(rows, offset)
                texts, weight = [], 0
        if texts:
            yield pa.record_batch([pa.array(texts, pa.string())], schema=schema)

    def _texts(self) -> Iterator[tuple[str, int]]:
        """Lines without their ends, and bytes read so far. The line that ends behind the piece is not ours."""
        with self.scan.path.open("rb") as file:
            file.seek(self.scan.begin)
            for _, line, offset in lines(file):
                if offset > self.scan.size:
                    return
                text = line.removesuffix("\n").removesuffix("\r")
                if text.strip():
                    yield text, offset
