"""What was made from withdrawn data goes with it, at any depth."""

import pytest

from collective.catalog.domain.records import RecordPlace
from collective.catalog.errors import SourceWithdrawnError
from collective.catalog.models import Contribution, DatasetVersion, Withdrawal
from collective.catalog.services import (
    decide_contribution,
    declare_derivations,
    submit_contribution,
    take_back,
    withdraw_records,
)
from collective.core.models import AuditEvent
from tests.factories import ContributionFactory, VersionFactory

pytestmark = pytest.mark.django_db
SEALED = {
    "state": "published",
    "commit_id": "c" * 40,
    "manifest_sha256": "d" * 64,
    "merkle_root": "e" * 64,
    "published_at": "2026-01-01T00:00:00Z",
}


def published_with(contribution: Contribution) -> DatasetVersion:
    contribution.dataset.visibility, contribution.dataset.state = "public", "listed"
    contribution.dataset.save()
    version: DatasetVersion = VersionFactory.create(dataset=contribution.dataset, **SEALED)
    version.holdings.create(contribution=contribution, rows=5)
    return version


def made_from(*sources: DatasetVersion) -> Contribution:
    made: Contribution = ContributionFactory.create(record_count=5)
    declare_derivations(actor=made.contributor, contribution_id=made.pk, source_ids=[source.pk for source in sources])
    Contribution.objects.filter(pk=made.pk).update(state="accepted")
    made.refresh_from_db()
    return made


@pytest.fixture
def chain() -> list[Contribution]:
    """Each was made from a version of the one before; the last one from the first as well."""
    first = ContributionFactory.create(state="accepted", record_count=5)
    one = published_with(first)
    second = made_from(one)
    two = published_with(second)
    return [first, second, made_from(one, two)]


def test_it_reaches_every_depth_in_one_go(chain: list[Contribution]) -> None:
    last = published_with(chain[2])
    stranger = ContributionFactory.create(state="accepted")
    take_back(actor=chain[0].contributor, contribution_id=chain[0].pk)
    for contribution in chain:
        contribution.refresh_from_db()
        assert contribution.state == "withdrawn"
    stranger.refresh_from_db()
    assert stranger.state == "accepted"
    assert set(DatasetVersion.objects.values_list("state", flat=True)) == {"withdrawn_content"}
    assert Withdrawal.objects.filter(versions__version=last).count() == 1
    # Nobody but the first one decided it.
    assert AuditEvent.objects.filter(action="catalog.contribution_withdrawn", actor_id=None).count() == 2


def test_single_records_reach_it_too(chain: list[Contribution]) -> None:
    place = RecordPlace("1" * 32, "2" * 64, "3" * 64, 0)
    withdraw_records(actor=chain[0].contributor, contribution_id=chain[0].pk, places=[place])
    for contribution in chain:
        contribution.refresh_from_db()
    assert [each.state for each in chain] == ["accepted", "withdrawn", "withdrawn"]


def test_what_was_withdrawn_is_no_source(chain: list[Contribution]) -> None:
    source = DatasetVersion.objects.get(holdings__contribution=chain[0])
    late = ContributionFactory.create(file_count=1, rights_declared_at="2026-01-01T00:00:00Z")
    declare_derivations(actor=late.contributor, contribution_id=late.pk, source_ids=[source.pk])
    DatasetVersion.objects.filter(pk=source.pk).update(state="withdrawn_content")
    with pytest.raises(SourceWithdrawnError):
        submit_contribution(actor=late.contributor, contribution_id=late.pk)
    Contribution.objects.filter(pk=late.pk).update(state="validated")
    with pytest.raises(SourceWithdrawnError):
        decide_contribution(actor=late.dataset.created_by, contribution_id=late.pk, accept=True)
    other = ContributionFactory.create()
    with pytest.raises(SourceWithdrawnError):
        declare_derivations(actor=other.contributor, contribution_id=other.pk, source_ids=[source.pk])
    assert not other.derivations.exists()
