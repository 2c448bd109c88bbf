"""Reading what versions hold, for those who write it in another form."""

from collections.abc import Iterator
from typing import Any

from collective.core.storage import published
from ingestion.pipeline.rows import read_rows


def stored_rows(sha256: str) -> Iterator[list[dict[str, Any]]]:
    """A shard's records in a few at a time, with every column it has. Precondition: the caller may read the shard."""
    with published().open(sha256) as stored:
        yield from read_rows(stored)
