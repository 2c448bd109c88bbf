"""Arrow itself as a stream: row groups are written as their rows are read."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
from pyarrow import csv, json, parquet

from tests.benchmarks.peers import LEVEL
from tests.benchmarks.peers.clips import clips

MIB = 1024**2
BLOCK_BYTES, GROUP_BYTES, CLIP_GROUP_BYTES = 4 * MIB, 64 * MIB, 16 * MIB
CLIP = pa.schema(
    [
        ("audio", pa.struct([("bytes", pa.binary()), ("path", pa.string())])),
        ("speaker", pa.string()),
        ("text", pa.string()),
    ]
)


def write(kind: str, source: Path, target: Path) -> None:
    if kind == "media":
        with parquet.ParquetWriter(target, CLIP, compression="none", use_dictionary=False) as writer:
            for rows in _clip_groups(source):
                writer.write_table(pa.Table.from_pylist(rows, CLIP))
        return
    batches = _stream(kind, source)
    with parquet.ParquetWriter(target, batches.schema, compression="zstd", compression_level=LEVEL) as writer:
        for table in _groups(batches):
            writer.write_table(table)


def _stream(kind: str, source: Path) -> Any:
    if kind == "jsonl":
        return json.open_json(source, read_options=json.ReadOptions(block_size=BLOCK_BYTES))
    return csv.open_csv(source, parse_options=csv.ParseOptions(newlines_in_values=True))


def _groups(batches: Any) -> Iterator[pa.Table]:
    waiting: list[Any] = []
    for batch in batches:
        waiting.append(batch)
        if sum(each.nbytes for each in waiting) >= GROUP_BYTES:
            yield pa.Table.from_batches(waiting)
            waiting = []
    if waiting:
        yield pa.Table.from_batches(waiting)


def _clip_groups(source: Path) -> Iterator[list[dict[str, Any]]]:
    waiting: list[dict[str, Any]] = []
    weight = 0
    for row in clips(str(source)):
        waiting.append(row)
        weight += len(row["audio"]["bytes"])
        if weight >= CLIP_GROUP_BYTES:
            yield waiting
            waiting, weight = [], 0
    yield waiting
