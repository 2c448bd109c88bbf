"""`python -m tests.benchmarks.payments`: sales, settlements and audits at size, on PostgreSQL (docs/benchmarks.md)."""

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.benchmarks.table import markdown, processor
from tests.services.instance import ROOT, environment
from tests.services.postgres import running_postgres
from tests.services.redis import running_redis

SIZES, PRICE_MINOR, SALES, BUYERS, ROUNDS = (10, 10_000, 1_000_000), 100_000_000, 60, 50, 3
TOLERANCE = 0.1
VERDICTS = {True: "reached", False: "**not reached**"}


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.payments", description=__doc__)
    parser.add_argument("--scale", type=float, default=1.0, help="of the largest split, a million payees")
    return parser.parse_args()


def main() -> None:
    asked, begun, load = arguments(), time.monotonic(), os.getloadavg()[0]
    sizes = [*SIZES[:-1], max(SIZES[1] + 1, int(SIZES[-1] * asked.scale))]
    with _instance() as bench:
        offers = bench.step("opened", ",".join(map(str, sizes)), str(PRICE_MINOR))
        small, *_, large = [offers[str(size)] for size in sizes]
        _say("## Sales", "", *_sales(sizes, bench.step("sales", str(SALES), *offers.values())))
        _say("## Parallel buyers", "", *_buyers([bench.step("buyers", small, str(BUYERS)) for _ in range(ROUNDS)]))
        _say("## Settlement", "", *_pool("first settlement, accounts are opened", bench.step("settle", large)))
        _say("## Audit", "", *_audit([bench.step("audit") for _ in range(ROUNDS)]))
        _say(*_pool("second settlement", bench.step("settle", large)))
        _say(*_released(bench.step("release", large)))
        _say("## Audit at the end", "", *_audit([bench.step("audit")]))
    system = f"{platform.system()} {platform.release()}, Python {platform.python_version()}"
    size = f"Scale {asked.scale:g}, {time.strftime('%Y-%m-%d')}, {(time.monotonic() - begun) / 60:.0f} minutes"
    loads = f"Load before: {load:.1f}, at the end: {os.getloadavg()[0]:.1f}"
    _say(f"Machine: {os.cpu_count()} cores, {processor()}, {system}. {size}. {loads}.")


class Bench:
    def __init__(self, settings: dict[str, str]) -> None:
        self.settings = settings

    def run(self, *command: str) -> str:
        done = subprocess.run(
            [sys.executable, *command], cwd=ROOT, env=self.settings, stdout=subprocess.PIPE, text=True, check=True
        )
        return done.stdout

    def step(self, *words: str) -> Any:
        print(f"{time.strftime('%H:%M:%S')} {words[0]}", file=sys.stderr, flush=True)
        return json.loads(self.run("-m", "tests.benchmarks.payments.steps", *words).splitlines()[-1])


@contextmanager
def _instance() -> Iterator[Bench]:
    with tempfile.TemporaryDirectory(prefix="dc-") as name, running_postgres() as url:
        data = Path(name) / "data"
        data.mkdir()
        with running_redis(data / "redis.sock"):
            bench = Bench(environment(data, 0, DATABASE_URL=url, HOLD_DAYS="0"))
            bench.run("manage.py", "migrate", "--verbosity", "0")
            yield bench


def _sales(sizes: list[int], figures: list[dict[str, Any]]) -> list[str]:
    parts = ("place", "pay", "both")
    base = figures[0]
    rows = []
    for size, each in zip(sizes, figures, strict=True):
        times = [f"{each[part] * 1000:.1f} ms ({each[part] / base[part]:.2f} ×)" for part in parts]
        rows.append([f"{size:,}", *times, ", ".join(map(str, each["entries"]))])
    spread = max(abs(each["both"] / base["both"] - 1) for each in figures)
    same = all(each["entries"] == base["entries"] for each in figures)
    goal = f"Within {TOLERANCE:.0%} of each other, and equal in entries: {spread:.1%}, {same}: "
    head = ("Payees", "Place the order", "Pay it", "Both", "Entries of a sale")
    return [*markdown(head, rows), "", goal + VERDICTS[spread <= TOLERANCE and same]]


def _buyers(rounds: list[dict[str, Any]]) -> list[str]:
    middle = {name: statistics.median(each[name] for each in rounds) for name in rounds[0]}
    head = ("Buyers at once", "Orders", "Payments", "p50", "p95", "Longest", "All")
    seconds = [f"{middle[name]:.2f} s" for name in ("p50", "p95", "longest", "seconds")]
    complete = all(each["orders"] == each["payments"] == BUYERS for each in rounds)
    row = [str(BUYERS), f"{middle['orders']:.0f}", f"{middle['payments']:.0f}", *seconds]
    return [*markdown(head, [row]), "", f"All succeed, one payment each: {VERDICTS[complete]}"]


def _pool(what: str, each: dict[str, Any]) -> list[str]:
    text = f"Sales meanwhile: {each['sales']}, longest payment {each['longest'] * 1000:.0f} ms"
    return [*_work(what, each), "", f"{text}; before: {each['alone'] * 1000:.0f} ms."]


def _released(each: dict[str, Any]) -> list[str]:
    return [*_work("release of the first", each), "", f"Marked as released: {each['is_marked']}."]


def _work(what: str, each: dict[str, Any]) -> list[str]:
    head = ("What", "Lines", "Seconds", "CPU seconds", "Rows", "Rows per second", "Peak MB", "Database MB")
    cpu = f"{each['cpu']:.0f} + {each['database_cpu']:.0f}"
    row = [what, f"{each['lines']:,}", f"{each['seconds']:.0f}", cpu, f"{each['rows']:,}"]
    per_second = each["rows"] / each["seconds"]
    return markdown(head, [[*row, f"{per_second:,.0f}", f"{each['peak_mb']:.0f}", f"{each['database_mb']:.0f}"]])


def _audit(rounds: list[dict[str, Any]]) -> list[str]:
    last, seconds = rounds[-1], statistics.median(each["seconds"] for each in rounds)
    head = ("Entries", "Journals", "Seconds", "Entries per second", "Peak MB", "Database MB", "False")
    row = [f"{last['entries']:,}", f"{last['journals']:,}", f"{seconds:.1f}", f"{last['entries'] / seconds:,.0f}"]
    memory = [f"{max(each[name] for each in rounds):.0f}" for name in ("peak_mb", "database_mb")]
    return markdown(head, [[*row, *memory, str(last["false"] or "nothing")]])


def _say(*lines: str) -> None:
    print(*lines, "", sep="\n", flush=True)


if __name__ == "__main__":
    main()
