"""`python -m tests.benchmarks.withdrawal`: one record of a large published version is taken back (benchmarks.md)."""

import argparse
import json
import os
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from tests.benchmarks.instance import copied, make_template, running_workers, settings_for
from tests.benchmarks.product import has_state, wait_until

if TYPE_CHECKING:
    from collective.catalog.models import Contribution, DatasetVersion

GOAL_SECONDS = 1.0
WORDS = ("market", "morning", "river", "voice", "orange", "bridge", "teacher", "harvest", "letter", "rain")


@dataclass(frozen=True)
class Measured:
    """`unservable`: from the call to its commit; `patch`: from there to the published patch version. Seconds."""

    unservable: float
    patch: float
    shards: int
    rewritten: int


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.withdrawal", description=__doc__)
    parser.add_argument("--records", type=int, default=1_000_000)
    parser.add_argument("--shards", type=int, default=20, help="about so many in the version")
    parser.add_argument("--folder", type=Path, help="where there is room, 1 GB for a million; else the system's")
    return parser.parse_args()


def main() -> None:
    asked, load = arguments(), os.getloadavg()[0]
    with tempfile.TemporaryDirectory(prefix="dc-", dir=asked.folder) as name:
        settings = {"SHARD_TARGET_ROWS": str(max(1, asked.records // asked.shards))}
        source = Path(name) / "records.jsonl"
        _make(source, asked.records)
        with copied(make_template(Path(name))) as data:
            os.environ.update(settings_for(data, 1, **settings))
            import django

            django.setup()
            with running_workers(data, 1, **settings):
                _report(_measure(source), asked.records, load)


def _make(path: Path, count: int) -> None:
    """The same bytes everywhere. The texts are too short to be compared, so that nothing else runs meanwhile."""
    chance = np.random.default_rng(4)
    with path.open("w", encoding="utf-8") as file:
        for begin in range(0, count, 1000):
            size = min(1000, count - begin)
            picked = chance.integers(len(WORDS), size=(size, 5)).tolist()
            for number, words in enumerate(picked, start=begin):
                text = " ".join(WORDS[word] for word in words)
                file.write(json.dumps({"id": number, "text": text, "url": f"https://example.org/{number}"}) + "\n")


def _measure(source: Path) -> Measured:
    from licensing.services import withdraw_records

    contribution, version = _published(source)
    record = _one_of(contribution)
    before = _shards(version)
    _say(f"{version.row_count} records in {len(before)} shards; taking back {record}")
    begun = time.perf_counter()
    withdraw_records(actor=contribution.contributor, contribution_id=contribution.pk, record_ids=[record])
    committed = time.perf_counter()
    version.refresh_from_db()
    if version.state != "withdrawn_content":
        raise RuntimeError(f"version {version} is {version.state}")
    wait_until(lambda: has_state(version.replaced_by.first(), "published"))
    after = _shards(version.replaced_by.get())
    return Measured(committed - begun, time.perf_counter() - committed, len(after), len(after - before))


def _published(source: Path) -> "tuple[Contribution, DatasetVersion]":
    from tests.benchmarks import people

    dataset, contribution = people.begin(source.name)
    upload = people.upload(contribution, source)
    wait_until(lambda: has_state(upload, "stored"))
    people.declare(contribution)
    people.submit(contribution)
    _say("checking")
    wait_until(lambda: has_state(people.report_of(contribution), "passed"))
    wait_until(lambda: people.is_compared(contribution))
    people.accept(contribution)
    _say("publishing")
    version = people.publish(dataset)
    wait_until(lambda: has_state(version, "published"))
    return contribution, version


def _one_of(contribution: "Contribution") -> str:
    """Nearly the last, so that looking for it reads nearly everything."""
    from ingestion.services.listing import list_records

    contribution.refresh_from_db()
    (listed,) = list_records(contribution, first=max(1, contribution.record_count - 10), count=1)
    return listed.record_id


def _shards(version: "DatasetVersion") -> set[str]:
    return set(version.files.filter(kind="data").values_list("sha256", flat=True))


def _report(measured: Measured, records: int, load: float) -> None:
    reached = "reached" if measured.unservable < GOAL_SECONDS else "**not reached**"
    print(f"One record of {records} taken back. Load before: {load:.1f}.\n")
    print("| What | Measured | Goal |")
    print("| --- | --- | --- |")
    print(
        f"| unservable, from the call to its commit | {measured.unservable:.3f} s | < {GOAL_SECONDS:g} s: {reached} |"
    )
    print(f"| shards rewritten by the patch version | {measured.rewritten} of {measured.shards} | 1 |")
    print(f"| patch version published after | {measured.patch:.1f} s | – |")


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
