"""`python -m tour.governance [--site URL [--data FOLDER]]`: exit status 0 only if every scenario held."""

import argparse
import signal
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import httpx

from tour.governance import consent, licenses, plans, remedies, standing, versions, withdrawal
from tour.governance.case import Case
from tour.governance.shell import Shell
from tour.governance.town import Town
from tour.instance import instance
from tour.report import Report, StepFailedError
from tour.wire import PATIENCE

PATIENCE_SECONDS = 45

CASES = sorted(
    [
        *withdrawal.CASES,
        *consent.CASES,
        *licenses.CASES,
        *plans.CASES,
        *remedies.CASES,
        *standing.CASES,
        *versions.CASES,
    ],
    key=lambda case: case.number,
)


def main() -> int:
    asked = arguments()
    cases = [case for case in CASES if not asked.only or case.number in asked.only]
    report, begun = Report(unit="scenarios"), time.monotonic()
    facts: dict[str, str] = {}
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that an instance of its own ends too
    PATIENCE.seconds = PATIENCE_SECONDS
    left_out: list[str] = []
    try:
        with tempfile.TemporaryDirectory() as home, place(asked) as (site, shell):
            town = Town(site, Path(home), shell)
            facts |= {"site": site, "run": town.run}
            left_out = walk_all(report, cases, town)
    except (StepFailedError, httpx.TransportError) as error:
        print(f"The instance is not there, or not as the sample is: {error}", flush=True)
    if left_out:
        facts["left out"] = f"{', '.join(left_out)}: they need the operator's shell (DATA=folder of the instance)"
    facts["time"] = f"{time.monotonic() - begun:.0f} s"
    print(report.table(facts))
    return 0 if report.all_held else 1


@contextmanager
def place(asked: argparse.Namespace) -> Iterator[tuple[str, Shell | None]]:
    """The instance that was named, or one that lives as long as the walk."""
    if asked.site:
        yield asked.site.rstrip("/"), Shell(asked.data.resolve()) if asked.data else None
        return
    print("Starting an instance for this walk; that takes about a minute.", flush=True)
    with instance() as (site, data):
        yield site, Shell(data)


def walk_all(report: Report, cases: Sequence[Case], town: Town) -> list[str]:
    """Each scenario stands by itself: one that fails is a line like the others. Returns the numbers left out."""
    left_out = []
    for case in cases:
        if case.by_shell and town.shell is None:
            left_out.append(case.number)
            continue
        try:
            report.step(case.number, partial(_walked, case, town), expected=case.expected)
        except Exception:  # noqa: BLE001, S112 - the report has its line, and the exit status follows
            continue
    return left_out


def _walked(case: Case, town: Town) -> tuple[str, None]:
    return case.walk(town), None


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="tour.governance", description="Walks the scenarios of data governance.")
    parser.add_argument("--site", default="", help="a running instance with the sample; without it, one is started")
    parser.add_argument("--data", type=Path, help="the folder of that instance, for what an operator does at its shell")
    parser.add_argument("--only", nargs="*", default=[], metavar="NUMBER")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
