"""polars: a lazy scan into a sink."""

from pathlib import Path

import polars as pl

from tests.benchmarks.peers import LEVEL


def write(kind: str, source: Path, target: Path) -> None:
    scanned = pl.scan_ndjson(source) if kind == "jsonl" else pl.scan_csv(source)
    scanned.sink_parquet(target, compression="zstd", compression_level=LEVEL)
