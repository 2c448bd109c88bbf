"""A whole instance, started as `make run` starts it, in a folder and on a port of its own."""

import http.client
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.services.ports import free_port

ROOT = Path(__file__).resolve().parent.parent.parent


@dataclass
class Instance:
    folder: Path
    port: int
    process: subprocess.Popen[str]

    @property
    def output(self) -> str:
        return (self.folder.parent / "output").read_text()

    def health(self) -> dict[str, Any]:
        """The parts of /healthz; none, while nobody answers."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=5) as answer:
                parts: dict[str, Any] = json.load(answer)["parts"]
        except urllib.error.HTTPError as error:
            parts = json.load(error)["parts"]
        except (OSError, http.client.HTTPException):  # it may be killed in the middle of its answer
            parts = {}
        return parts

    def is_well(self) -> bool:
        parts = self.health()
        return bool(parts) and all(part["ok"] for part in parts.values())

    def tree(self) -> dict[int, str]:
        """Every process below the supervisor: its number and command line."""
        return descendants(self.process.pid)

    def part(self, text: str) -> int | None:
        """The supervisor's own child whose command line contains `text`."""
        return next((pid for pid, line in descendants(self.process.pid, depth=1).items() if text in line), None)

    def interrupt(self) -> int:
        """Ctrl-C; returns the exit status."""
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(40)


def environment(folder: Path, port: int, **changes: str) -> dict[str, str]:
    inherited = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    own = {"DATA": str(folder), "PORT": str(port), "LOAD_SAMPLE": "0", "ENV_FILE": os.devnull}
    return {**inherited, "DJANGO_SETTINGS_MODULE": "collective.settings.base", **own, **changes}


def refused(folder: Path, port: int, **changes: str) -> tuple[int, str, str]:
    """A start that must not succeed: exit status, standard output, standard error."""
    command = [sys.executable, "manage.py", "start"]
    done = subprocess.run(
        command,
        cwd=ROOT,
        env=environment(folder, port, **changes),
        capture_output=True,
        text=True,
        timeout=90,
        check=False,
    )
    return done.returncode, done.stdout, done.stderr


@contextmanager
def empty_folder() -> Iterator[Path]:
    """Short, because a socket's name must be."""
    folder = Path(tempfile.mkdtemp(prefix="dc-"))
    yield folder / "data"
    shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def running_instance(folder: Path, variables: dict[str, str] | None = None) -> Iterator[Instance]:
    """Yields as soon as the process exists; whatever is left of it at the end is killed. `variables`: `environment`."""
    variables = variables or environment(folder, free_port())
    with (folder.parent / "output").open("w") as output:
        process = subprocess.Popen(
            [sys.executable, "manage.py", "start"],
            cwd=ROOT,
            env=variables,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
    try:
        yield Instance(folder, int(variables["PORT"]), process)
    finally:
        process.kill()
        process.wait()


def eventually(holds: Callable[[], object], *, seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if holds():
            return True
        time.sleep(0.1)
    return False


def alive(pid: int) -> bool:
    """A zombie is not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def descendants(pid: int, *, depth: int = 9) -> dict[int, str]:
    parents = {child: parent for child, parent in _parents().items() if alive(child)}
    found: dict[int, str] = {}
    level = {pid}
    for _ in range(depth):
        level = {child for child, parent in parents.items() if parent in level}
        found |= {child: _command_line(child) for child in level}
    return found


def _parents() -> dict[int, int]:
    pairs: dict[int, int] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                pairs[int(entry.name)] = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
            except OSError:
                continue  # it ended while we were looking
    return pairs


def _command_line(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
    except OSError:
        return ""
