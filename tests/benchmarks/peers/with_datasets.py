"""Hugging Face `datasets`, as its documentation shows it: load into the cache, then `to_parquet` (snappy)."""

from pathlib import Path
from typing import Any

import datasets

from tests.benchmarks.peers.clips import clips

READERS = {"jsonl": "json", "csv": "csv"}


def write(kind: str, source: Path, target: Path) -> None:
    datasets.disable_progress_bars()
    found = _recordings(source) if kind == "media" else _table(kind, source)
    found.to_parquet(str(target))


def _table(kind: str, source: Path) -> Any:
    return datasets.load_dataset(READERS[kind], data_files=str(source), split="train")


def _recordings(source: Path) -> Any:
    """Its own reader of audio folders needs torch, so recordings go in as bytes and become Audio then."""
    generated: Any = datasets.Dataset.from_generator(clips, gen_kwargs={"path": str(source)})
    return generated.cast_column("audio", datasets.Audio(decode=False))
