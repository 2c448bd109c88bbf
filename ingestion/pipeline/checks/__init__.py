"""The checks that every record passes in the parsing child. Adding one is a file here, its line in `CHECKS`, a test.

The words that people read for each code are in `ingestion/web/finding_words.py`.
"""

from collections.abc import Iterator

import pyarrow as pa

from ingestion.domain.findings import Finding
from ingestion.domain.own_keys import OwnKey
from ingestion.pipeline.checks.base import Check
from ingestion.pipeline.checks.empties import Empties
from ingestion.pipeline.checks.language import Language
from ingestion.pipeline.checks.personal_data import PersonalData
from ingestion.pipeline.checks.places import Lookout
from ingestion.pipeline.checks.secrets import Secrets
from ingestion.pipeline.checks.seen import Seen

CHECKS: tuple[type[Check], ...] = (Empties, PersonalData, Secrets, Language)


class Checks:
    """All checks over one piece."""

    def __init__(self, schema: pa.Schema) -> None:
        self._checks = [check(schema) for check in CHECKS]
        self._lookout = Lookout()

    def see(self, batch: pa.RecordBatch, first_row: int) -> None:
        """Rows `first_row`, `first_row + 1`, … of the piece, counted from 1."""
        seen = Seen(batch, first_row, self._lookout)
        for check in self._checks:
            check.see(seen)

    def findings(self) -> Iterator[Finding]:
        for check in self._checks:
            yield from check.findings()

    def own_keys(self) -> list[OwnKey]:
        return [key for check in self._checks if isinstance(check, Secrets) for key in check.own_keys()]
