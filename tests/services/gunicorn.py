"""The web server as `manage.py start` runs it, alone, on a data folder that was migrated."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.services.instance import ROOT, environment
from tests.services.ports import free_port, stop, wait_for_port


@dataclass(frozen=True)
class WebServer:
    port: int
    log: Path
    sent: Path

    def sent_by_the_kernel(self) -> int:
        """Bytes that left through `sendfile` so far."""
        return sum(map(int, self.sent.read_text().split())) if self.sent.exists() else 0


@contextmanager
def running_gunicorn(data: Path, **settings: str) -> Iterator[WebServer]:
    port = free_port()
    server = WebServer(port, data.parent / "gunicorn.log", data.parent / "sendfile.log")
    command = [sys.executable, "-m", "gunicorn", "--config", "python:tests.services.watched_gunicorn"]
    names = {"SENDFILE_LOG": str(server.sent), "WEB_WORKERS": "1"}
    if "DATABASE_URL" in os.environ:
        names["DATABASE_URL"] = os.environ["DATABASE_URL"]
    with server.log.open("wb") as log:
        process = subprocess.Popen(
            [*command, "collective.wsgi:application"],
            cwd=ROOT,
            env=environment(data, port, **names, **settings),
            stdout=log,
            stderr=log,
        )
        try:
            wait_for_port(port, process)
            yield server
        finally:
            stop(process)
