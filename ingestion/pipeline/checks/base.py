"""What a check is: a class that sees every batch of a piece once, and says in the end what it counted."""

from typing import ClassVar, Protocol

import pyarrow as pa

from ingestion.domain.findings import Finding


class Check(Protocol):
    """Made anew for each piece, with the schema of its columns (without `record_id`)."""

    name: ClassVar[str]

    def __init__(self, schema: pa.Schema) -> None: ...

    def see(self, batch: pa.RecordBatch, first_row: int) -> None:
        """Rows `first_row`, `first_row + 1`, … of the piece, counted from 1. Vectorized: no loop over all rows."""

    def findings(self) -> list[Finding]:
        """After the last batch."""
