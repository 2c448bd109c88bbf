"""Folders that a killed worker left behind go after a day; those in use stay."""

import os
import time
from pathlib import Path

import pytest

from ingestion.pipeline.workspace import LEFT_BEHIND_SECONDS, work_folder
from ingestion.tasks import sweep_work_folders


@pytest.mark.usefixtures("data_dir")
def test_only_what_was_left_behind_is_removed(data_dir: Path) -> None:
    left = data_dir / "work" / "left-by-a-killed-worker"
    (left / "inner").mkdir(parents=True)
    (left / "inner" / "rows.parquet").write_bytes(b"x")
    long_ago = time.time() - LEFT_BEHIND_SECONDS - 60
    os.utime(left, (long_ago, long_ago))
    with work_folder() as used:
        sweep_work_folders()
        assert used.exists()
        assert not left.exists()
