"""DuckDB: one COPY."""

from pathlib import Path

import duckdb

from tests.benchmarks.peers import LEVEL

READERS = {"jsonl": "read_json($source, format = 'newline_delimited')", "csv": "read_csv($source)"}
COPY = "COPY (SELECT * FROM {reader}) TO '{target}' (FORMAT parquet, CODEC zstd, COMPRESSION_LEVEL {level})"


def write(kind: str, source: Path, target: Path) -> None:
    with duckdb.connect() as connection:
        connection.execute(COPY.format(reader=READERS[kind], target=target, level=LEVEL), {"source": str(source)})
