"""What a program costs: CPU seconds with its children, wall seconds, peak memory of its largest process."""

import os
import subprocess
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

MB = 1_000_000
LOOK_SECONDS = 0.02
TICKS = os.sysconf("SC_CLK_TCK")
RESET_PEAK = "5"  # proc(5), clear_refs


@dataclass(frozen=True)
class Cost:
    """`peak_mb` is the largest process at its highest; `together_mb` all processes of the tree at one moment."""

    cpu: float
    wall: float
    peak_mb: float
    together_mb: float

    def __add__(self, other: Self) -> "Cost":
        return Cost(
            self.cpu + other.cpu,
            self.wall + other.wall,
            max(self.peak_mb, other.peak_mb),
            max(self.together_mb, other.together_mb),
        )


class CommandFailedError(Exception):
    """A measured program ended badly; the text is what it said last."""


def cost_of(command: Sequence[str], environment: Mapping[str, str], folder: Path) -> Cost:
    """Run it to its end. The kernel counts the CPU seconds of the process and of all that it waited for."""
    said = folder / "said"
    begun = time.monotonic()
    with said.open("wb") as output:
        process = subprocess.Popen(command, env=dict(environment), cwd=folder, stdout=output, stderr=output)
        with watched(process.pid) as memory:
            _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise CommandFailedError(said.read_text(errors="replace")[-2000:])
    return Cost(used.ru_utime + used.ru_stime, time.monotonic() - begun, memory.peak_mb, memory.together_mb)


@dataclass
class Running:
    """What a tree of living processes has used since `cost_since` began."""

    cost: Cost | None = None


@contextmanager
def cost_meanwhile(pid: int) -> Iterator[Running]:
    """The cost of a tree of processes that live on, workers, from here to the end of the block."""
    running = Running()
    for each in tree(pid):
        _write(Path(f"/proc/{each}/clear_refs"), RESET_PEAK)
    cpu, begun = cpu_seconds(pid), time.monotonic()
    with watched(pid) as memory:
        yield running
        wall = time.monotonic() - begun
    running.cost = Cost(cpu_seconds(pid) - cpu, wall, memory.peak_mb, memory.together_mb)


@dataclass
class Memory:
    peaks: dict[int, int] = field(default_factory=dict)
    together: int = 0

    @property
    def peak_mb(self) -> float:
        return max(self.peaks.values(), default=0) * 1024 / MB

    @property
    def together_mb(self) -> float:
        return self.together * 1024 / MB

    def look(self, pid: int) -> None:
        found = {each: _memory(each) for each in tree(pid)}
        for each, (peak, _) in found.items():
            self.peaks[each] = max(peak, self.peaks.get(each, 0))
        self.together = max(self.together, sum(now for _, now in found.values()), *self.peaks.values())


@contextmanager
def watched(pid: int) -> Iterator[Memory]:
    """Looks fifty times a second. Not `ru_maxrss`: it starts at what the parent held when it forked."""
    memory, stop = Memory(), threading.Event()

    def look() -> None:
        while not stop.wait(LOOK_SECONDS):
            memory.look(pid)

    thread = threading.Thread(target=look, daemon=True)
    thread.start()
    try:
        yield memory
    finally:
        memory.look(pid)
        stop.set()
        thread.join()


def tree(pid: int) -> list[int]:
    """The process and all below it that are still there."""
    found, waiting = [], [pid]
    while waiting:
        each = waiting.pop()
        found.append(each)
        for thread in _listed(Path(f"/proc/{each}/task")):
            waiting += map(int, _read(thread / "children").split())
    return found


def cpu_seconds(pid: int) -> float:
    """Of the whole tree, and of all that its processes have waited for."""
    ticks = 0
    for each in tree(pid):
        fields = _read(Path(f"/proc/{each}/stat")).rpartition(")")[2].split()
        ticks += sum(map(int, fields[11:15]))  # utime, stime, cutime, cstime
    return ticks / TICKS


def _memory(pid: int) -> tuple[int, int]:
    """Highest and present resident size, in KiB."""
    lines = dict(line.split(":", 1) for line in _read(Path(f"/proc/{pid}/status")).splitlines())
    return _kib(lines.get("VmHWM")), _kib(lines.get("VmRSS"))


def _kib(text: str | None) -> int:
    return int(text.split()[0]) if text else 0


def _listed(folder: Path) -> list[Path]:
    try:
        return list(folder.iterdir())
    except OSError:
        return []  # it ended while we were looking


def _read(path: Path) -> str:
    try:
        return path.read_text()
    except OSError:
        return ""


def _write(path: Path, text: str) -> None:
    path.write_text(text)
