"""An instance for one walk: on a free port, with the sample, in a folder that goes away."""

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from tour.report import StepFailedError
from tour.wire import MANAGE

START_SECONDS = 400
STOP_SECONDS = 20


@contextmanager
def instance(*beside: str, **variables: str) -> Iterator[tuple[str, Path]]:
    """Its address and its folder, from when every part is well until the walk is over.

    `beside`: a module, and its arguments, that runs the instance with something beside it. `variables`: of its
    environment.
    """
    with tempfile.TemporaryDirectory(prefix="walk-") as folder:
        data, port = Path(folder) / "data", _free_port()
        log = Path(folder) / "log"
        with log.open("wb") as out:
            process = subprocess.Popen(  # noqa: S603 - our own command
                [*_with(*beside), sys.executable, str(MANAGE), "start"],
                env={**os.environ, **variables, "DATA": str(data), "PORT": str(port)},
                cwd=MANAGE.parent,
                stdout=out,
                stderr=subprocess.STDOUT,
            )
        try:
            site = f"http://localhost:{port}"
            _wait_until_well(site, process, log)
            yield site, data
        finally:
            _stop(process)


def _with(*beside: str) -> list[str]:
    return [sys.executable, "-m", *beside] if beside else []


def _wait_until_well(site: str, process: "subprocess.Popen[bytes]", log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while not _is_well(site):
        if process.poll() is not None or time.monotonic() > deadline:
            raise StepFailedError(f"the instance did not start: {log.read_text(errors='replace')[-900:]}")
        time.sleep(0.5)


def _is_well(site: str) -> bool:
    try:
        return httpx.get(f"{site}/healthz", timeout=10).is_success
    except httpx.TransportError:
        return False


def _stop(process: "subprocess.Popen[bytes]") -> None:
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
