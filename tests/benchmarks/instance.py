"""An instance of this product with nothing in it: its folder, broker and real workers."""

import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.services.instance import ROOT, environment
from tests.services.ports import stop
from tests.services.redis import running_redis

NO_PORT = 0
DONE_SECONDS = 60


def settings_for(data: Path, workers: int = 1, **changes: str) -> dict[str, str]:
    return environment(data, NO_PORT, WORKER_CONCURRENCY=str(workers), **changes)


def make_template(folder: Path) -> Path:
    """A migrated data folder, which every run copies: each begins with an empty marketplace."""
    data = folder / "template"
    data.mkdir()
    command = [sys.executable, "manage.py", "migrate", "--verbosity", "0"]
    subprocess.run(command, cwd=ROOT, env=settings_for(data), check=True)
    return data


@contextmanager
def copied(template: Path) -> Iterator[Path]:
    data = template.with_name("data")
    shutil.copytree(template, data)
    try:
        yield data
    finally:
        shutil.rmtree(data)


@contextmanager
def running_workers(data: Path, count: int, **changes: str) -> Iterator[int]:
    """`count` worker processes under one Celery, as `manage.py work` starts them; yields the number of its process."""
    with running_redis(data / "redis.sock"), (data / "worker.log").open("wb") as log:
        command = [sys.executable, "manage.py", "work"]
        settings = settings_for(data, count, **changes)
        process = subprocess.Popen(command, cwd=ROOT, env=settings, stdout=log, stderr=log, start_new_session=True)
        try:
            yield process.pid
        finally:
            stop(process, seconds=DONE_SECONDS)
