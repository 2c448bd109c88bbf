"""Running checks over texts, for the tests beside this."""

from collections.abc import Iterable, Sequence
from typing import Any

import pyarrow as pa

from ingestion.domain.findings import Finding
from ingestion.pipeline.checks import Checks


def findings_in(table: pa.Table, sizes: Iterable[int] = ()) -> list[Finding]:
    """`sizes` are the rows of the first batches; the rest comes in one."""
    checks, first, table = Checks(table.schema), 0, table.combine_chunks()
    for size in [*sizes, table.num_rows]:
        for batch in table.slice(first, size).to_batches():
            checks.see(batch, first + 1)
            first += batch.num_rows
    return list(checks.findings())


def found_in(texts: Sequence[str | None], check: str, kind: pa.DataType | None = None) -> dict[str, tuple[int, ...]]:
    """Code to rows, of one check over one column."""
    table = pa.table({"text": pa.array(texts, kind or pa.string())})
    return {each.code: each.rows for each in findings_in(table) if each.check == check}


def found(check: str, **columns: Any) -> dict[tuple[str, str], tuple[int, ...]]:
    """Code and column to rows."""
    return {(each.code, each.column): each.rows for each in findings_in(pa.table(columns)) if each.check == check}
