"""The parent's side of the parsing process: starts it with nothing, watches it, believes nothing it says unchecked."""

import json
import os
import re
import selectors
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from ingestion.domain.findings import Finding, most_important
from ingestion.domain.own_keys import MOST_OWN_KEYS, OwnKey
from ingestion.domain.problems import Problem, problems_from_json
from ingestion.pipeline import limits, statistics
from ingestion.pipeline.data_file import PREVIEW_ROWS
from ingestion.pipeline.nursery import Nursery, NurseryLostError

PROJECT = Path(__file__).resolve().parents[2]
LINE_BYTES = 4 * limits.MIB
# How long a child whose pipe closed may take to be gone.
ENDING_SECONDS = 1.0
PART = re.compile(r"part-\d{5}\.parquet")


@dataclass(frozen=True)
class Task:
    """A file to parse, or its bytes `[begin, end)`, which are whole lines. `output` is an empty folder.

    `seed` makes the record ids. `sample` holds the first lines of the file of which this is a piece.
    """

    input: Path
    output: Path
    seed: str
    begin: int = 0
    end: int | None = None
    sample: Path | None = None
    # As the contributor named it.
    name: str = ""

    @property
    def size(self) -> int:
        return (self.input.stat().st_size if self.end is None else self.end) - self.begin


@dataclass(frozen=True)
class PreparedPart:
    """Parquet and record list on this machine's disk; what the child says it counted in them."""

    path: Path
    records_path: Path
    statistics: dict[str, Any]
    preview: list[dict[str, Any]]


@dataclass
class Outcome:
    problems: list[Problem] = field(default_factory=list)
    problem_count: int = 0
    warnings: list[Problem] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    own_keys: list[OwnKey] = field(default_factory=list)
    parts: list[PreparedPart] = field(default_factory=list)


Progress = Callable[[int, int], None]


# Made when it is first needed; a worker that was forked makes its own.
_nursery: Nursery | None = None


class ChildSilentError(Exception):
    """The child ended, or said something that makes no sense, instead of an answer."""


class ChildSlowError(Exception):
    """The child used up its time."""


class Process(Protocol):
    """What is listened to and ended: a child of ours, or of the nursery."""

    pid: int
    stdin: Any
    stdout: Any

    def wait(self, timeout: float | None = None) -> int: ...


def parse_in_child(task: Task, progress: Progress, *, wall_seconds: float = limits.WALL_SECONDS) -> Outcome:
    """Parse in a process of its own group; kill the whole group in the end, whatever happens.

    A child that dies or hangs is the file's problem, told as such: the same file would do it again.
    """
    process = start_parser(task)
    try:
        answer = _listen(process, progress, task.size, time.monotonic() + wall_seconds)
        return _checked(answer, task.output)
    except ChildSlowError:
        return Outcome([_too_slow()], 1)
    except (ChildSilentError, ValueError, KeyError, TypeError, BrokenPipeError):
        return Outcome([_too_slow() if _used_up_cpu(process) else _crashed()], 1)
    finally:
        kill_group(process)


def start_parser(task: Task) -> Process:
    """A fork of this worker's nursery, on the task. A nursery that is lost is replaced."""
    global _nursery  # noqa: PLW0603 - one for each process
    told = {
        "input": str(task.input),
        "begin": task.begin,
        "end": task.end,
        "sample": str(task.sample) if task.sample else "",
        "output": str(task.output),
        "name": task.name,
        "seed": task.seed,
        "size": task.size,
    }
    if _nursery is not None and _nursery.is_usable:
        with suppress(NurseryLostError):
            return _nursery.fork(told)
    _nursery = Nursery(lambda socket: start_child("ingestion.pipeline.nursery_process", stdin=socket))
    return _nursery.fork(told)


def start_child(module: str, *, stdin: Any = subprocess.PIPE) -> "subprocess.Popen[bytes]":
    """A process with nothing: no settings, no secrets, pipes to us; see `kill_group`."""
    return subprocess.Popen(  # noqa: S603 - the module is named by our own code
        [sys.executable, "-P", "-B", "-m", module],
        stdin=stdin,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={
            "PYTHONPATH": str(PROJECT),
            "LANG": "C.UTF-8",
            # The pools of Arrow reserve more addresses than the child may have; malloc takes what it needs.
            "ARROW_DEFAULT_MEMORY_POOL": "system",
            "OMP_NUM_THREADS": "1",
            "OPENBLAS_NUM_THREADS": "1",
            "MALLOC_ARENA_MAX": "2",
            # Large blocks come and go all the time; giving each back to the kernel costs a third of the CPU time.
            "MALLOC_MMAP_THRESHOLD_": "4294967296",
            "MALLOC_TRIM_THRESHOLD_": "4294967296",
        },
        start_new_session=True,
        cwd="/",
    )


def _listen(process: Process, progress: Progress, size: int, deadline: float) -> dict[str, Any]:
    for line in _lines(process, deadline):
        message = json.loads(line)
        if "answer" in message:
            answer: dict[str, Any] = message["answer"]
            return answer
        told = message["progress"]
        progress(_count(told["rows"]), min(_count(told["bytes"]), size))
    raise ChildSilentError


def _lines(process: Process, deadline: float) -> Iterator[bytes]:
    """Lines as they come, none longer than LINE_BYTES, until the end or the deadline. Raises ChildSilentError."""
    stdout, buffer = _pipe(process.stdout), b""
    with selectors.DefaultSelector() as selector:
        selector.register(stdout, selectors.EVENT_READ)
        while selector.select(max(0.0, deadline - time.monotonic())):
            block = os.read(stdout.fileno(), 65_536)
            if not block:
                return
            *whole, buffer = (buffer + block).split(b"\n")
            yield from whole
            if len(buffer) > LINE_BYTES:
                raise ChildSilentError
    raise ChildSlowError


def _checked(answer: dict[str, Any], output: Path) -> Outcome:
    """The answer with every field looked at. Part files are found by listing, not by what the child says."""
    problems = problems_from_json(answer["problems"])
    if problems:
        return Outcome(problems, max(len(problems), min(_count(answer["problem_count"]), 2**31 - 1)))
    paths = sorted(path for path in output.iterdir() if PART.fullmatch(path.name) and not path.is_symlink())
    told = answer["parts"]
    if not paths or not isinstance(told, list) or len(paths) != len(told):
        raise ValueError("the answer does not fit the files")
    return Outcome(
        warnings=problems_from_json(answer["warnings"]),
        findings=most_important(Finding.from_json(each) for each in answer["findings"]),
        own_keys=[OwnKey.from_json(each) for each in answer["own_keys"][:MOST_OWN_KEYS]],
        parts=[_part(path, each) for path, each in zip(paths, told, strict=True)],
    )


def _part(path: Path, told: dict[str, Any]) -> PreparedPart:
    records, preview = path.with_suffix(".records"), told["preview"]
    if records.is_symlink() or not records.is_file():
        raise ValueError("a part has no record list")
    if not isinstance(preview, list) or len(preview) > PREVIEW_ROWS:
        raise ValueError("a part does not say what it holds")
    return PreparedPart(path, records, statistics.checked(told["statistics"]), preview)


def _count(value: object) -> int:
    if type(value) is not int or not 0 <= value < 2**53:
        raise ValueError("not a count")
    return value


def _used_up_cpu(process: Process) -> bool:
    """Ended by its CPU limit. A child that is still there did not end by itself."""
    with suppress(subprocess.TimeoutExpired):
        return process.wait(ENDING_SECONDS) == -signal.SIGXCPU
    return False


def _too_slow() -> Problem:
    return Problem("reader_timed_out", "This file took longer to read than one file may take.", "Split it.")


def _crashed() -> Problem:
    return Problem(
        "reader_crashed",
        "This file ended the program that was reading it.",
        "The file may be damaged: write it again. If it is very large, split it.",
    )


def kill_group(process: Process) -> None:
    with suppress(ProcessLookupError):  # it ended by itself
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            pipe.close()


def _pipe(pipe: Any) -> Any:
    if pipe is None:
        raise ChildSilentError
    return pipe
