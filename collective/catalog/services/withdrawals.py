"""Taking back a contribution, or some of its records: from the commit on nothing that holds them is servable."""

from collections.abc import Sequence
from uuid import UUID

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from collective.accounts.models import User
from collective.catalog.domain.records import RecordPlace
from collective.catalog.events import ContributionWithdrawn, RecordsWithdrawn
from collective.catalog.models import Contribution, DatasetVersion, Withdrawal, WithdrawnFrom, WithdrawnRecord
from collective.core import audit
from collective.core.events import publish

DERIVED = "What it was made from was withdrawn."


@transaction.atomic
def take_back(*, actor: User | None, contribution_id: UUID, why: str = "") -> Contribution:
    """Take it back. At commit no version that holds it is servable; a patch version follows by event.

    What was made from those versions goes with it, at any depth. Withdrawing twice changes nothing. The order of the
    updates does not matter: one transaction commits them all. Licensing has decided that the actor may.
    `why` is a sentence of ours, for what nobody in it asked for; what a person says stays in their consent.
    """
    first, *derived = _locked_with_derived(Contribution.objects.get(pk=contribution_id))
    _withdraw(first, actor, why)
    for each in derived:
        _withdraw(each, None, DERIVED)
    return first


@transaction.atomic
def withdraw_records(*, actor: User | None, contribution_id: UUID, places: Sequence[RecordPlace]) -> Withdrawal | None:
    """Take single records back. Licensing has decided that the actor may, and where they lie.

    Every version that holds the contribution stops being servable, the others of its records come back with the patch
    version. Records that were taken back before are passed over; None when nothing is left to do. Precondition: the
    contribution holds more records than these.
    """
    contribution, *derived = _locked_with_derived(Contribution.objects.get(pk=contribution_id))
    gone = set(contribution.withdrawn_records.values_list("record_id", flat=True))
    new = [place for place in places if place.record_id not in gone]
    if contribution.state == "withdrawn" or not new:
        return None
    stopped = _stop_serving(contribution)
    audit.record(actor=actor, action="catalog.records_withdrawn", obj=contribution, versions=stopped, records=len(new))
    withdrawal = _remember(contribution, actor, is_whole=False, record_count=len(new))
    WithdrawnRecord.objects.bulk_create(
        WithdrawnRecord(
            withdrawal=withdrawal,
            contribution=contribution,
            record_id=place.record_id,
            record_sha256=place.record_sha256,
            prepared_sha256=place.prepared_sha256,
            row=place.row,
        )
        for place in new
    )
    publish(RecordsWithdrawn(withdrawal.pk))
    for each in derived:
        _withdraw(each, None, DERIVED)
    return withdrawal


def _withdraw(contribution: Contribution, actor: User | None, why: str) -> None:
    """Precondition: the row is locked."""
    if contribution.state == "withdrawn":
        return
    contribution.transition_to("withdrawn", withdrawn_at=timezone.now())
    stopped = _stop_serving(contribution)
    audit.record(actor=actor, action="catalog.contribution_withdrawn", obj=contribution, reason=why, versions=stopped)
    left = contribution.record_count - contribution.withdrawn_records.count()
    _remember(contribution, None if why else actor, is_whole=True, record_count=left)
    publish(ContributionWithdrawn(contribution.pk))


def _locked_with_derived(contribution: Contribution) -> list[Contribution]:
    """It, and everything made from a version that holds it, at any depth.

    All rows are locked in one order before anything is written: two withdrawals never wait for each other's.
    """
    found, new = {contribution.pk}, {contribution.pk}
    while new:
        derived = Contribution.objects.filter(derivations__source__holdings__contribution__in=new)
        new = set(derived.values_list("pk", flat=True)) - found
        found |= new
    rows = Contribution.objects.select_related("dataset__organization").select_for_update(of=("self",), no_key=True)
    return sorted(rows.filter(pk__in=found).order_by("pk"), key=lambda each: each.pk != contribution.pk)


def _stop_serving(contribution: Contribution) -> list[str]:
    """The versions that were building or published and held it; the samples and counts they showed are forgotten."""
    holding = DatasetVersion.objects.filter(holdings__contribution=contribution, state__in=["building", "published"])
    versions = list(holding.values_list("pk", flat=True))
    DatasetVersion.objects.filter(pk__in=versions).update(state="withdrawn_content", preview=[], statistics={})
    return [str(version) for version in versions]


def _remember(contribution: Contribution, taker: User | None, *, is_whole: bool, record_count: int) -> Withdrawal:
    """Precondition: the transaction has written to the audit trail, whose lock makes numbers follow commits."""
    last = Withdrawal.objects.aggregate(last=Max("number"))["last"] or 0
    withdrawal = Withdrawal(
        number=last + 1,
        dataset_id=contribution.dataset_id,
        contribution=contribution,
        is_whole=is_whole,
        record_count=record_count,
        at=timezone.now(),
    )
    withdrawal.taker_mac = withdrawal.mac_of(taker.pk) if taker else None
    withdrawal.save(force_insert=True)
    held = DatasetVersion.objects.filter(holdings__contribution=contribution).exclude(published_at=None)
    WithdrawnFrom.objects.bulk_create(
        WithdrawnFrom(withdrawal=withdrawal, version_id=version) for version in held.values_list("pk", flat=True)
    )
    return withdrawal
