"""What is remembered of a withdrawal, and what stops being servable with it."""

import pytest
from django.db import DatabaseError, connection, transaction

from collective.catalog.domain.records import RecordPlace
from collective.catalog.models import Contribution, DatasetVersion, Withdrawal, WithdrawnFrom, WithdrawnRecord
from collective.catalog.services import take_back, withdraw_records
from tests.factories import ContributionFactory, VersionFactory

pytestmark = pytest.mark.django_db


def place(number: int) -> RecordPlace:
    return RecordPlace(f"{number:032x}", f"{number:064x}", "a" * 64, number)


@pytest.fixture
def contribution() -> Contribution:
    made: Contribution = ContributionFactory.create(state="accepted", record_count=10)
    return made


@pytest.fixture
def version(contribution: Contribution) -> DatasetVersion:
    made: DatasetVersion = VersionFactory.create(dataset=contribution.dataset)
    made.holdings.create(contribution=contribution, rows=10)
    return made


def states(version: DatasetVersion) -> str:
    version.refresh_from_db()
    return version.state


def test_single_records_stop_the_version_and_leave_the_contribution(
    contribution: Contribution, version: DatasetVersion
) -> None:
    actor = contribution.contributor
    first = withdraw_records(actor=actor, contribution_id=contribution.pk, places=[place(1), place(2)])
    assert first is not None
    assert (first.number, first.is_whole, first.record_count) == (1, False, 2)
    assert states(version) == "withdrawn_content"
    contribution.refresh_from_db()
    assert contribution.state == "accepted"


def test_what_was_taken_back_before_is_passed_over(contribution: Contribution) -> None:
    actor, key = contribution.contributor, contribution.pk
    withdraw_records(actor=actor, contribution_id=key, places=[place(1)])
    second = withdraw_records(actor=actor, contribution_id=key, places=[place(1), place(2)])
    assert second is not None
    assert second.record_count == 1
    assert withdraw_records(actor=actor, contribution_id=key, places=[place(2)]) is None
    assert list(WithdrawnRecord.objects.order_by("row").values_list("withdrawal__number", "row")) == [(1, 1), (2, 2)]


def test_the_rest_follows_and_is_counted_once(contribution: Contribution, version: DatasetVersion) -> None:
    actor, key = contribution.contributor, contribution.pk
    withdraw_records(actor=actor, contribution_id=key, places=[place(1)])
    take_back(actor=actor, contribution_id=key)
    take_back(actor=actor, contribution_id=key)
    told = Withdrawal.objects.order_by("number").values_list("number", "is_whole", "record_count")
    assert list(told) == [(1, False, 1), (2, True, 9)]
    assert withdraw_records(actor=actor, contribution_id=key, places=[place(3)]) is None
    # The version was never sealed: nobody can have it.
    assert not WithdrawnFrom.objects.exists()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE catalog_withdrawal SET record_count = 5",
        "DELETE FROM catalog_withdrawnrecord",
        "UPDATE catalog_withdrawnrecord SET record_id = 'x'",
    ],
)
def test_nobody_changes_what_was_withdrawn(contribution: Contribution, statement: str) -> None:
    withdraw_records(actor=contribution.contributor, contribution_id=contribution.pk, places=[place(1)])
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
