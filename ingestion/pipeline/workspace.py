"""A folder for one piece of work. What a killed worker leaves behind is swept a day later."""

import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from django.conf import settings

LEFT_BEHIND_SECONDS = 24 * 3600


@contextmanager
def work_folder() -> Iterator[Path]:
    """Empty at first, removed with all it holds in the end; on the data disk, where there is room."""
    with TemporaryDirectory(dir=_root()) as name:
        yield Path(name)


def sweep_work_folders() -> None:
    """Remove folders that no living work can still use: no job may run that long."""
    oldest = time.time() - LEFT_BEHIND_SECONDS
    for folder in _root().iterdir():
        if folder.stat().st_mtime < oldest:
            shutil.rmtree(folder, ignore_errors=True)


def _root() -> Path:
    root = Path(settings.DATA_DIR) / "work"
    root.mkdir(parents=True, exist_ok=True)
    return root
