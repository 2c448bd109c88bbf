"""`python -m tests.benchmarks.ingest`: this product and its peers on the same files, in turns (docs/benchmarks.md)."""

import argparse
import os
import sys
import tempfile
import time
from pathlib import Path

from tests.benchmarks.inputs import SIZES
from tests.benchmarks.rounds import CHOICES, Bench
from tests.benchmarks.table import report

ROUNDS, MINUTES = 5, 15


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.ingest", description=__doc__)
    parser.add_argument("--scale", type=float, default=1.0, help="of 500 MB JSONL, 200 MB CSV and 600 MB recordings")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--minutes", type=float, default=MINUTES, help="no round begins that would end later")
    parser.add_argument("--only", nargs="+", choices=[*SIZES, *CHOICES], default=[])
    parser.add_argument("--folder", type=Path, help="where there is room, 6 GB at scale 1; else the system's")
    return parser.parse_args()


def main() -> None:
    asked = arguments()
    begun, longest, load = time.monotonic(), 0.0, os.getloadavg()[0]
    with tempfile.TemporaryDirectory(prefix="dc-", dir=asked.folder) as name:
        bench = Bench(Path(name), asked.scale, frozenset(asked.only), _say)
        bench.prepare()
        for number in range(1, asked.rounds + 1):
            at = time.monotonic()
            if number > 1 and at - begun + longest > asked.minutes * 60:
                _say(f"{number - 1} rounds filled {asked.minutes:g} minutes")
                break
            _say(f"round {number} of {asked.rounds}")
            bench.round()
            longest = max(longest, time.monotonic() - at)
    print(report(bench.results, scale=asked.scale, load=load))


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
