"""A withdrawal erases: objects, samples and counts of what was withdrawn are gone; what others gave stays."""

import json

import pytest
from django.db import DatabaseError, transaction

from collective.catalog.models import Contribution, DatasetVersion, VersionFile
from collective.catalog.selectors import latest_version
from collective.catalog.services import decide_contribution
from collective.core.invariants import invariants
from collective.core.storage import incoming, published
from collective.core.storage.errors import ObjectNotFoundError
from ingestion.invariants import withdrawn_bytes_are_gone
from ingestion.models import PreparedObject, ShardBuild, ValidationReport
from ingestion.services import erasable_objects, erase_contribution
from licensing.services import withdraw_contribution
from tests.factories import ContributionFactory, DatasetFactory
from tests.integration.ingestion.flow import published_version, submitted
from tests.services.jobs import run_all_jobs

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("store")]


def lines(word: str) -> bytes:
    return b"".join(json.dumps({"text": f"{word} {number}"}).encode() + b"\n" for number in range(5))


def exists(sha256: str) -> bool:
    try:
        published().info(sha256)
    except ObjectNotFoundError:
        return False
    return True


@pytest.fixture
def two() -> tuple[Contribution, Contribution]:
    """A published version of two people's records: who leaves, who stays."""
    dataset = DatasetFactory.create()
    made = []
    for word in ("leaving", "staying"):
        contribution = ContributionFactory.create(dataset=dataset)
        submitted(contribution, (f"{word}.jsonl", lines(word)))
        made.append(decide_contribution(actor=dataset.created_by, contribution_id=contribution.pk, accept=True))
    published_version(dataset)
    return made[0], made[1]


def test_the_bytes_of_who_left_are_gone_and_of_who_stayed_are_not(two: tuple[Contribution, Contribution]) -> None:
    leaving, staying = two
    old = latest_version(leaving.dataset)
    assert old is not None
    held, kept = erasable_objects(leaving), PreparedObject.objects.get(contribution=staying).sha256
    staged = leaving.uploads.get().key
    assert all(map(exists, held))

    withdraw_contribution(actor=leaving.contributor, contribution_id=leaving.pk)
    run_all_jobs()

    assert not any(map(exists, held))
    assert exists(kept)
    with pytest.raises(ObjectNotFoundError):
        incoming().open(staged)
    incoming().open(staying.uploads.get().key).close()
    patch = latest_version(leaving.dataset)
    assert patch is not None
    assert (patch.number, patch.row_count) == ("1.0.1", 5)
    assert all(exists(sha256) for sha256 in VersionFile.objects.filter(version=patch).values_list("sha256", flat=True))
    assert {each.id: list(each.check()) for each in invariants()} == {each.id: [] for each in invariants()}


def test_samples_and_counts_are_forgotten_at_once(two: tuple[Contribution, Contribution]) -> None:
    leaving, staying = two
    old = latest_version(leaving.dataset)
    assert old is not None
    assert "leaving" in json.dumps(old.preview)
    withdraw_contribution(actor=leaving.contributor, contribution_id=leaving.pk)
    old.refresh_from_db()
    assert (old.preview, old.statistics) == ([], {})
    run_all_jobs()
    assert ValidationReport.objects.get(contribution=leaving).statistics == {}
    assert ValidationReport.objects.get(contribution=staying).statistics != {}
    assert "leaving" not in json.dumps(list(ShardBuild.objects.values("preview", "statistics")))


def test_the_auditor_sees_bytes_that_were_not_erased(two: tuple[Contribution, Contribution]) -> None:
    leaving, _ = two
    withdraw_contribution(actor=leaving.contributor, contribution_id=leaving.pk)
    assert list(withdrawn_bytes_are_gone()) == []  # it has just happened: the job has its time
    long_ago = leaving.created_at.replace(year=2020)
    Contribution.objects.filter(pk=leaving.pk).update(withdrawn_at=long_ago)
    assert len(list(withdrawn_bytes_are_gone())) == len(erasable_objects(leaving))
    run_all_jobs()
    assert list(withdrawn_bytes_are_gone()) == []


def test_nothing_is_erased_of_a_contribution_that_was_not_withdrawn(two: tuple[Contribution, Contribution]) -> None:
    _, staying = two
    erase_contribution(contribution_id=staying.pk)
    assert all(map(exists, erasable_objects(staying)))
    assert staying.uploads.get().state == "stored"


def test_samples_of_a_published_version_cannot_be_forgotten(two: tuple[Contribution, Contribution]) -> None:
    with pytest.raises(DatabaseError), transaction.atomic():
        DatasetVersion.objects.update(preview=[])
    with pytest.raises(DatabaseError), transaction.atomic():
        DatasetVersion.objects.update(state="retracted", statistics={})
