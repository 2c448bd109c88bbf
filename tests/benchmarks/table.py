"""The results as Markdown: one table, the goals with what was reached, and the machine."""

import os
import platform
import time
from collections.abc import Iterable
from importlib.metadata import version
from pathlib import Path

from tests.benchmarks.results import BASELINE, BASELINE_ZSTD, TENTH, Figure, Results, goals

LIBRARIES = ("pyarrow", "datasets", "polars", "duckdb", "django", "celery")
COLUMNS = (
    "Input", "Tool", "MB per CPU-s", "vs `datasets`", "vs it with zstd", "Wall MB/s", "Peak MB", "All MB", "Out MB",
)  # fmt: skip
TITLES = {"jsonl": "JSONL", "csv": "CSV", "media": "recordings", TENTH: "JSONL, a tenth"}
IDLE = 0.5
NOT_IDLE = ", **not idle**: wall times, and what follows from them, are those of a shared machine."
FOR_FULL_SIZE = " (the goals are set for 1)"
VERDICTS = {True: "reached", False: "**not reached**", None: "not measured"}


def report(results: Results, *, scale: float, load: float) -> str:
    """`load` is what the machine had to do besides, when it began."""
    rows = [_row(results, tool, kind) for tool, kind in results.samples]
    return "\n".join(
        [
            *markdown(COLUMNS, rows),
            "",
            *markdown(("Goal", "Reached", ""), _goals(results)),
            "",
            _machine(results, scale, load),
        ]
    )


def _row(results: Results, tool: str, kind: str) -> list[str]:
    figure = results.figure(tool, kind)
    if figure is None:
        return []
    ratios = [results.ratio(tool, kind, each) for each in (BASELINE, BASELINE_ZSTD)]
    shown = ["–" if ratio is None else f"{ratio:.2f}" for ratio in ratios]
    net = "–" if figure.net is None else f"{figure.net:.0f}"
    return [TITLES[kind], tool, net, *shown, *_sizes(figure)]


def _sizes(figure: Figure) -> list[str]:
    return [f"{figure.wall:.0f}", f"{figure.peak_mb:.0f}", f"{figure.together_mb:.0f}", f"{figure.out_mb:.0f}"]


def _goals(results: Results) -> list[list[str]]:
    return [[goal.text, goal.reached, VERDICTS[goal.holds]] for goal in goals(results)]


def markdown(head: Iterable[str], rows: Iterable[list[str]]) -> list[str]:
    columns = list(head)
    lines = [columns, ["---"] * len(columns), *rows]
    return ["| " + " | ".join(line) + " |" for line in lines]


def _machine(results: Results, scale: float, load: float) -> str:
    rounds = max((len(samples) for samples in results.samples.values()), default=0)
    libraries = ", ".join(f"{name} {version(name)}" for name in LIBRARIES)
    size = f"Scale {scale:g}{FOR_FULL_SIZE if scale < 1 else ''}, {rounds} rounds, {time.strftime('%Y-%m-%d')}."
    system = f"{platform.system()} {platform.release()}, Python {platform.python_version()}"
    busy = f" Load before: {load:.1f}{NOT_IDLE if load > IDLE else '.'}"
    return f"Machine: {os.cpu_count()} cores, {processor()}, {system}; {libraries}. {size}{busy}"


def processor() -> str:
    with Path("/proc/cpuinfo").open() as lines:
        names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()
