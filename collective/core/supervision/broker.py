"""The embedded broker for the moments before the supervisor keeps one."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings

from collective.core.supervision.commands import redis_command


@contextmanager
def temporary_broker(folder: Path) -> Iterator[None]:
    """Rings and cached answers work inside; what was rung is found again by the lasting broker in the same folder."""
    if not settings.EMBEDDED_BROKER:
        yield
        return
    process = subprocess.Popen(redis_command(folder), stdout=subprocess.DEVNULL)  # noqa: S603 - our own command line
    try:
        yield
    finally:
        process.terminate()
        process.wait()
