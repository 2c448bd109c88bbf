"""What the parsing process does, and how any process that touches users' bytes limits itself.

It parses one file or piece and answers JSON lines on standard output: {"progress": …} while it works, then one
{"answer": …}. It knows no settings, no database, no network.
"""

import ctypes
import json
import resource
import signal
import sys
import time
from contextlib import suppress
from importlib.abc import MetaPathFinder
from pathlib import Path
from typing import Any

from ingestion.domain.problems import BrokenFileError, Problem
from ingestion.pipeline import limits

# From <linux/sched.h> and <linux/prctl.h>.
NEW_NETWORK, NEW_USER = 0x40000000, 0x10000000
DEATH_SIGNAL = 1
PROGRESS_SECONDS = 0.5


def run(task: dict[str, Any]) -> None:
    """From here on limited, for good; then parse and answer. See `sandbox.Task` for the task."""
    confine(task["size"])
    _answer(_parse(task))


def without_pandas() -> None:
    """Arrow loads pandas where it is installed: a third of a second, for nothing that is needed here."""
    sys.meta_path.insert(0, _WithoutPandas())


def _parse(task: dict[str, Any]) -> dict[str, Any]:
    from ingestion.pipeline.prepare import prepare  # noqa: PLC0415 - the process that cuts excerpts needs none of it
    from ingestion.pipeline.readers.base import Scan  # noqa: PLC0415 - as above

    try:
        sample = Path(task["sample"]) if task["sample"] else None
        scan = Scan(Path(task["input"]), _Progress(task["size"]), task["begin"], task["end"], sample, name=task["name"])
        done = prepare(scan, Path(task["output"]), seed=task["seed"])
    except BrokenFileError as error:
        return {"problems": [error.problem.as_json()], "problem_count": 1}
    except (MemoryError, RecursionError):
        return {"problems": [_too_much().as_json()], "problem_count": 1}
    return {
        "problems": [problem.as_json() for problem in done.problems.shown],
        "problem_count": done.problems.total,
        "warnings": [warning.as_json() for warning in done.warnings],
        "findings": [finding.as_json() for finding in done.findings],
        "own_keys": [key.as_json() for key in done.own_keys],
        "parts": [{"statistics": part.statistics, "preview": part.preview} for part in done.parts],
    }


class _WithoutPandas(MetaPathFinder):
    def find_spec(self, name: str, *_: object) -> None:
        if name == "pandas":
            raise ModuleNotFoundError(name)


class _Progress:
    """Tells the parent how far we are, at most twice a second. A careful reader goes over everything twice."""

    def __init__(self, size: int) -> None:
        self.size = size
        self.told_at = 0.0

    def __call__(self, rows: int, read: int) -> None:
        if time.monotonic() - self.told_at < PROGRESS_SECONDS:
            return
        self.told_at = time.monotonic()
        _say({"progress": {"rows": rows, "bytes": min(read, self.size)}})


def _limit_resources(size: int) -> None:
    cpu = limits.cpu_seconds(size)
    for what, most in (
        (resource.RLIMIT_AS, limits.ADDRESS_SPACE),
        (resource.RLIMIT_FSIZE, limits.FILE_SIZE),
        (resource.RLIMIT_NOFILE, limits.DESCRIPTORS),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (most, most))
    # The soft limit comes first and ends us by a signal of its own, by which the parent knows the reason.
    resource.setrlimit(resource.RLIMIT_CPU, (cpu, cpu + 5))


def confine(size: int) -> None:
    """From here on: what a file of `size` bytes may use, and no network."""
    _limit_resources(size)
    _leave_network()


def die_with_parent() -> None:
    """A worker that is killed outright cannot end us; the kernel does it then, so the next attempt starts alone."""
    with suppress(AttributeError):  # not Linux: the next line of progress finds the pipe closed
        ctypes.CDLL(None).prctl(DEATH_SIGNAL, signal.SIGKILL)


def _leave_network() -> None:
    """An empty network namespace where the system permits one; elsewhere the operator's firewall is the fence."""
    libc = ctypes.CDLL(None, use_errno=True)
    with suppress(AttributeError):  # not Linux
        if libc.unshare(NEW_NETWORK) != 0:
            libc.unshare(NEW_USER | NEW_NETWORK)


def _too_much() -> Problem:
    return Problem(
        "too_much_memory",
        "Reading this file needs more memory than one file may use.",
        "Split it into smaller files, or write it with smaller records.",
    )


def _answer(answer: dict[str, Any]) -> None:
    _say({"answer": answer})


def _say(message: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(message, default=str) + "\n")
    sys.stdout.flush()
