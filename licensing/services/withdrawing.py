"""Taking back single records of a contribution. No reason is needed."""

from collections.abc import Collection
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from collective.accounts.models import User
from collective.catalog import services as catalog
from collective.catalog.domain.records import RecordPlace, find_records
from collective.catalog.models import Contribution, Withdrawal
from licensing.errors import RecordsUnknownError
from licensing.models import ConsentEvent, ConsentEventRecord, Person
from licensing.policies import check_can_withdraw_records
from licensing.selectors import records_left
from licensing.selectors.answerers import Answerer
from licensing.services.consent import not_gone, withdraw_contribution
from licensing.services.guardians import answerer_for, as_guardian
from licensing.services.people import own_person

# So many unknown ids are named.
NAMED = 5


def withdraw_records(
    *, actor: User, contribution_id: UUID, record_ids: Collection[str], reason: str = "", ward: UUID | None = None
) -> int:
    """Take single records back; returns how many were not taken back before.

    When these are all that is left, the contribution is withdrawn. Raises RecordsNotSeparableError,
    RecordsNotYoursError, and RecordsUnknownError for an id that is none of the contribution's: then nothing happens.
    """
    answerer, wanted = answerer_for(actor, ward), {each.lower() for each in record_ids}
    contribution = answerer.contribution(contribution_id)
    check_can_withdraw_records(actor, contribution, wanted, ward)
    if contribution.state == "withdrawn":
        return 0
    # Record lists lie in the store, which no transaction waits for. A list never changes.
    places = _places(contribution, wanted)
    with transaction.atomic():
        return _withdraw(answerer, contribution, places, reason)


def _withdraw(answerer: Answerer, contribution: Contribution, places: Collection[RecordPlace], reason: str) -> int:
    actor, new = answerer.user, not_gone(contribution, places)
    left = records_left(contribution)
    if len(new) >= left > 0 and answerer.gave(contribution):
        withdraw_contribution(actor=actor, contribution_id=contribution.pk, reason=reason)
        return left
    withdrawal = catalog.withdraw_records(actor=actor, contribution_id=contribution.pk, places=new)
    if withdrawal is None:
        return 0
    _remember(answerer, contribution, reason, withdrawal)
    # Under the lock by now: somebody else may have taken back the others at this moment.
    if not records_left(contribution):
        catalog.take_back(actor=actor, contribution_id=contribution.pk)
    return withdrawal.record_count


def _places(contribution: Contribution, record_ids: Collection[str]) -> list[RecordPlace]:
    places = find_records(contribution.pk, record_ids)
    unknown = sorted(set(record_ids) - {place.record_id for place in places})
    if unknown:
        named = ", ".join(unknown[:NAMED]) + (" …" if len(unknown) > NAMED else "")
        raise RecordsUnknownError(named=named, record_ids=unknown, count=len(unknown))
    return places


def _remember(answerer: Answerer, contribution: Contribution, reason: str, withdrawal: Withdrawal) -> None:
    event = ConsentEvent.objects.create(
        contribution=contribution,
        kind="withdrawn",
        person=_person(answerer, contribution),
        actor=answerer.user,
        reason=reason,
        record_count=withdrawal.record_count,
        at=timezone.now(),
        **as_guardian(answerer, contribution),
    )
    records = withdrawal.records.values_list("record_id", flat=True)
    ConsentEventRecord.objects.bulk_create(ConsentEventRecord(event=event, record_id=each) for each in records)


def _person(answerer: Answerer, contribution: Contribution) -> Person:
    """As whom they are in it, if somebody else recorded them."""
    mine = answerer.parties(contribution)
    return Person.objects.get(pk=mine[0].person_id) if mine else own_person(answerer.user)
