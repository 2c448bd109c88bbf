"""Workers killed outright at random moments of an ingestion: `python -m tests.drills.killed_workers FSDD [--kills 20]`.

Six speakers' recordings are uploaded once. Every round begins from a copy of that, submits, accepts and publishes, with
kill -9 of every worker process at a moment of its own; the first round has none. All rounds must end with the same
manifest, with every job done, and with nothing for the auditor to say. Exit status 0 only then.
"""

import argparse
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.benchmarks.instance import make_template, settings_for
from tests.services.instance import ROOT, descendants
from tests.services.ports import stop
from tests.services.redis import running_redis

SEED = 20_26
# Many shards and short leases, so that a kill falls into something, and a round does not wait for long.
SETTINGS = {"SHARD_TARGET_ROWS": "150", "JOB_LEASE_SECONDS": "6", "SWEEP_SECONDS": "1"}
RESTART_SECONDS = 1.0


@dataclass
class Workers:
    """A worker and a sweeper, as the supervisor keeps them."""

    data: Path
    worker: subprocess.Popen[bytes]

    def kill(self) -> int:
        """kill -9 of the worker and all below it; returns how many. Then a new one, as the supervisor does."""
        doomed = [*descendants(self.worker.pid), self.worker.pid]
        for pid in doomed:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                continue
        self.worker.wait()
        time.sleep(RESTART_SECONDS)
        self.worker = _started(self.data, "work")
        return len(doomed)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("recordings", type=Path, help="a folder of the Free Spoken Digit Dataset")
    parser.add_argument("--kills", type=int, default=20)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        ready = _uploaded(folder, options.recordings)
        manifest, seconds = _round(ready, None)
        print(f"without a kill: {manifest}, {seconds:.1f} s", flush=True)
        chance = random.Random(SEED)
        moments = sorted(chance.uniform(0.0, seconds) for _ in range(options.kills))
        same = [_same(ready, moment, manifest) for moment in moments]
    print(f"{sum(same)} of {len(same)} rounds ended with the same manifest")
    sys.exit(0 if all(same) else 1)


def _same(ready: Path, moment: float, manifest: str) -> bool:
    found, seconds = _round(ready, moment)
    said = "the same" if found == manifest else f"ANOTHER: {found}"
    print(f"killed after {moment:5.2f} s: {said}, {seconds:.1f} s", flush=True)
    return found == manifest


def _uploaded(folder: Path, recordings: Path) -> Path:
    data = make_template(folder)
    with _running(data):
        subprocess.run(
            [sys.executable, "-m", "tests.drills.ingest", "upload", str(recordings.resolve())],
            cwd=ROOT,
            env=_environment(data),
            check=True,
        )
    ready = folder / "ready"
    data.rename(ready)
    return ready


def _round(ready: Path, moment: float | None) -> tuple[str, float]:
    """The manifest's hash, and the seconds from submitting to the published version."""
    data = ready.with_name("template")
    shutil.copytree(ready, data, ignore=shutil.ignore_patterns("*.sock"))
    command = [sys.executable, "-m", "tests.drills.ingest", "publish"]
    try:
        with _running(data) as workers:
            process = subprocess.Popen(command, cwd=ROOT, env=_environment(data), stdout=subprocess.PIPE, text=True)
            assert process.stdout is not None
            if moment is not None and process.stdout.readline() == "submitting\n":
                time.sleep(moment)
                workers.kill()
            told = process.stdout.read()
            if process.wait() != 0:
                return told, 0.0
            answer = json.loads(told.splitlines()[-1])
            return answer["manifest"], answer["seconds"]
    finally:
        shutil.rmtree(data)


@contextmanager
def _running(data: Path) -> Iterator[Workers]:
    with running_redis(data / "redis.sock"):
        workers = Workers(data, _started(data, "work"))
        sweeper = _started(data, "sweep")
        try:
            yield workers
        finally:
            stop(sweeper, seconds=20)
            stop(workers.worker, seconds=60)


def _started(data: Path, command: str) -> subprocess.Popen[bytes]:
    with (data / f"{command}.log").open("ab") as log:
        return subprocess.Popen(
            [sys.executable, "manage.py", command], cwd=ROOT, env=_environment(data), stdout=log, stderr=log
        )


def _environment(data: Path) -> dict[str, str]:
    return {**settings_for(data), **SETTINGS}


if __name__ == "__main__":
    main()
