"""`datasets` with the codec of the others. `to_parquet` offers no choice, so its own answer is changed on the way."""

from typing import Any

from datasets.io import parquet

from tests.benchmarks.peers import with_datasets

chosen = parquet.get_parquet_column_options


def with_zstd(*arguments: Any) -> dict[str, Any]:
    """At level 1, which is Arrow's own."""
    options: dict[str, Any] = chosen(*arguments)
    return {**options, "compression": dict.fromkeys(options["compression"], "zstd")}


parquet.get_parquet_column_options = with_zstd
write = with_datasets.write
