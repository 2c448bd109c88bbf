"""What a check is: a class that sees every batch of a piece once, and says in the end what it counted."""

from collections.abc import Iterable
from typing import ClassVar, Protocol

import pyarrow as pa

from ingestion.domain.findings import LONGEST_COLUMN, MOST_ROWS, Finding, Severity
from ingestion.pipeline.checks.seen import Seen


class Named(Protocol):
    name: ClassVar[str]
    # Every code that it can say, with what the code means for the contribution. Language tags are not listed.
    codes: ClassVar[dict[str, Severity]]


class Check(Named, Protocol):
    """Made anew for each piece, with the schema of its columns (without `record_id`)."""

    def __init__(self, schema: pa.Schema) -> None: ...

    def see(self, seen: Seen) -> None:
        """One batch. Vectorized: no loop over all rows. What is found must not depend on where batches begin."""

    def findings(self) -> list[Finding]:
        """After the last batch."""


class Tally:
    """How many rows of which column had what, and the first of them. Rows come in ascending order."""

    def __init__(self) -> None:
        self._rows: dict[tuple[str, str], list[int]] = {}
        self._counts: dict[tuple[str, str], int] = {}

    def add(self, code: str, column: str, rows: Iterable[int], count: int | None = None) -> None:
        """`count` is for callers that give the first rows only."""
        key = (code, column[:LONGEST_COLUMN])
        kept = self._rows.setdefault(key, [])
        before = len(kept)
        kept.extend(int(row) for row in rows)
        self._counts[key] = self._counts.get(key, 0) + (len(kept) - before if count is None else count)
        del kept[MOST_ROWS:]

    def findings(self, check: type[Named]) -> list[Finding]:
        return [
            Finding(check.name, code, check.codes.get(code, "note"), column, self._counts[code, column], tuple(rows))
            for (code, column), rows in self._rows.items()
            if self._counts[code, column]
        ]
