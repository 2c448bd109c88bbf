"""`python -m tests.benchmarks.delivery`: licensed data on its way to a training job (docs/benchmarks.md)."""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.benchmarks.delivery.report import report
from tests.benchmarks.delivery.rounds import Bench, copied_out
from tests.benchmarks.delivery.standin import Site, nginx_as
from tests.services.instance import ROOT, environment, eventually, running_instance
from tests.services.ports import free_port
from tests.services.redis import running_redis

ROWS, ROUNDS, MINUTES, START_SECONDS = 4_800_000, 3, 12, 90
NO_LIMIT = str(10**9)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.delivery", description=__doc__)
    parser.add_argument("--scale", type=float, default=1.0, help=f"of {ROWS} rows, about 330 MB of Parquet")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--minutes", type=float, default=MINUTES, help="no round begins that would end later")
    parser.add_argument("--folder", type=Path, help="where there is room, 4 GB at scale 1; else the system's")
    return parser.parse_args()


def main() -> None:
    asked = arguments()
    begun, longest, load = time.monotonic(), 0.0, os.getloadavg()[0]
    with tempfile.TemporaryDirectory(prefix="dc-", dir=asked.folder) as name, _bench(Path(name), asked.scale) as bench:
        for number in range(1, asked.rounds + 1):
            at = time.monotonic()
            if number > 1 and at - begun + longest > asked.minutes * 60:
                _say(f"{number - 1} rounds filled {asked.minutes:g} minutes")
                break
            _say(f"round {number} of {asked.rounds}")
            bench.round()
            longest = max(longest, time.monotonic() - at)
        print(report(bench, scale=asked.scale, load=load))


@contextmanager
def _bench(folder: Path, scale: float) -> Iterator[Bench]:
    """A dataset on sale, an instance as `make run` starts it, and nginx with the same files."""
    data, objects = folder / "data", folder / "data" / "objects"
    market = _market(data, int(ROWS * scale))
    # Nobody asks that often by hand: the limits protect others, and are not what is measured.
    with running_instance(
        data, environment(data, free_port(), API_LIMIT_HUB=NO_LIMIT, API_LIMIT_LINKS=NO_LIMIT)
    ) as instance:
        if not eventually(instance.is_well, seconds=START_SECONDS):
            raise RuntimeError(instance.output)
        site = Site(f"http://127.0.0.1:{instance.port}", instance.process.pid, market)
        with nginx_as(site, objects, folder / "nginx") as nginx:
            yield Bench(site, nginx, copied_out(site, objects, folder / "local"), folder, _say)
        instance.interrupt()


def _market(data: Path, rows: int) -> dict[str, object]:
    data.mkdir()
    settings = environment(data, 0)
    _say(f"making {rows} rows")
    subprocess.run([sys.executable, "manage.py", "migrate", "--verbosity", "0"], cwd=ROOT, env=settings, check=True)
    command = [sys.executable, "-m", "tests.benchmarks.delivery.market", str(rows)]
    with running_redis(data / "redis.sock"):
        done = subprocess.run(command, cwd=ROOT, env=settings, stdout=subprocess.PIPE, text=True, check=True)
    told: dict[str, object] = json.loads(done.stdout.splitlines()[-1])
    return told


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
