"""The checks that every record passes in the parsing child. Adding one is a file here, its line in `CHECKS`, a test."""

from collections.abc import Iterator

import pyarrow as pa

from ingestion.domain.findings import Finding
from ingestion.pipeline.checks.base import Check

CHECKS: tuple[type[Check], ...] = ()


class Checks:
    """All checks over one piece."""

    def __init__(self, schema: pa.Schema) -> None:
        self._checks = [check(schema) for check in CHECKS]

    def see(self, batch: pa.RecordBatch, first_row: int) -> None:
        for check in self._checks:
            check.see(batch, first_row)

    def findings(self) -> Iterator[Finding]:
        for check in self._checks:
            yield from check.findings()
