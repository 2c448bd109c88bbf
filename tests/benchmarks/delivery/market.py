"""A dataset on sale in an empty data folder: `python -m tests.benchmarks.delivery.market ROWS`; the answer is JSON."""

import json
import sys
import tempfile
from pathlib import Path

import django

django.setup()

import numpy as np  # noqa: E402 - Django has to be set up first
import pyarrow as pa  # noqa: E402

from tests.contract.hub.published import key_for, licensed_buyer, open_market  # noqa: E402

SHARDS, LETTERS = 8, 128


def table(first: int, rows: int) -> pa.Table:
    """Hexadecimal digits: zstd halves them, so that a row takes about 70 bytes."""
    chance = np.random.default_rng(first)
    ends = pa.py_buffer((np.arange(rows + 1) * LETTERS).astype(np.int32).tobytes())
    text = pa.StringArray.from_buffers(rows, ends, pa.py_buffer(chance.bytes(rows * LETTERS // 2).hex().encode()))
    return pa.table({"text": text, "label": chance.integers(0, 1000, rows)})


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        market = open_market(Path(folder), shards=SHARDS, rows=int(sys.argv[1]) // SHARDS, table=table)
    files = market.version.files.filter(kind="data").order_by("path")
    told = {
        "key": key_for(licensed_buyer(market)),
        "repo_id": market.dataset.repo_id,
        "commit": market.version.commit_id,
        "bytes": sum(file.size for file in files),
        "rows": market.version.row_count,
        "files": {file.path: file.sha256 for file in market.version.files.all()},
    }
    print(json.dumps(told))


if __name__ == "__main__":
    main()
