"""What people do in a drill, in a process of its own: `python -m tests.drills.ingest upload FSDD`, `… publish`."""

import json
import os
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "collective.settings.base")
django.setup()

from collective.catalog.models import Contribution, Dataset, DatasetVersion  # noqa: E402 - after the settings
from collective.catalog.services import start_contribution  # noqa: E402 - as above
from collective.core.invariants import invariants  # noqa: E402 - as above
from collective.core.models import Job  # noqa: E402 - as above
from ingestion.models import Upload  # noqa: E402 - as above
from tests.benchmarks import people  # noqa: E402 - as above
from tour.scenario import audio_scenario  # noqa: E402 - as above

PATIENCE_SECONDS = 300


def upload(recordings: Path) -> None:
    """One dataset, a contribution for each speaker, uploaded and declared."""
    dataset, first = people.begin("Spoken digits")
    for number, bundle in enumerate(audio_scenario(recordings).bundles):
        contribution = first if number == 0 else _another(first, bundle.contributor)
        with tempfile.TemporaryDirectory() as name:
            path = Path(name) / bundle.file_name
            path.write_bytes(bundle.content)
            sent = people.upload(contribution, path)
        _wait(partial(_is, sent, "stored"))
        people.declare(contribution)
    print(dataset.repo_id)


def publish() -> None:
    """Submit all, accept in a fixed order, publish; then the manifest, once all is done and the audit is clean."""
    dataset = Dataset.objects.get()
    contributions = list(dataset.contributions.order_by("created_at"))
    print("submitting", flush=True)
    began = time.monotonic()
    for each in contributions:
        people.submit(each)
    for each in contributions:
        _wait(partial(_is, each, "validated"))
        people.accept(each)
    version = people.publish(dataset)
    _wait(partial(_is, version, "published"))
    seconds = time.monotonic() - began
    _wait(lambda: not Job.objects.filter(state__in=["queued", "running"], due_at__lte=version.published_at).exists())
    wrong = [problem for each in invariants() for problem in each.check()]
    if wrong:
        sys.exit("\n".join(wrong))
    print(json.dumps({"manifest": version.manifest_sha256, "seconds": seconds}))


def _another(first: Contribution, title: str) -> Contribution:
    return start_contribution(actor=first.contributor, dataset_id=first.dataset_id, title=title)


def _is(row: Upload | Contribution | DatasetVersion, state: str) -> bool:
    row.refresh_from_db()
    return row.state == state


def _wait(done: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not done():
        if time.monotonic() > deadline:
            sys.exit("It did not come to an end.")
        time.sleep(0.05)


if __name__ == "__main__":
    upload(Path(sys.argv[2])) if sys.argv[1] == "upload" else publish()
