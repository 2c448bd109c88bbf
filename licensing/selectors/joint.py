"""A record with several people in it goes whole when one of them takes it back. Whom that concerns, and how much."""

from collections import defaultdict
from collections.abc import Collection
from uuid import UUID

from django.db.models import Q

from collective.catalog.models import Contribution, Withdrawal, WithdrawnRecord
from licensing.models import ConsentEvent, ConsentEventRecord, RecordSubject, SubjectRecord


def people_concerned(contribution: Contribution) -> dict[UUID, set[UUID]]:
    """The accounts that answer for somebody in it, and for which persons: themselves, or minors as guardians."""
    found: dict[UUID, set[UUID]] = defaultdict(set)
    found[contribution.contributor_id] |= set(_own(contribution))
    for person_id, account_id in _linked(contribution):
        found[account_id].add(person_id)
    guarded = contribution.consent_events.filter(guardian__account__isnull=False, person__of_age_at=None)
    for person_id, account_id in guarded.values_list("person", "guardian__account").distinct():
        found[account_id].add(person_id)
    return dict(found)


def gone_with_others(withdrawal: Withdrawal, user_id: UUID | None, persons: Collection[UUID]) -> int:
    """How many records these persons are in that went by it, and that none of them took back."""
    contribution = withdrawal.contribution
    said = ConsentEvent.objects.filter(contribution=contribution, kind="withdrawn")
    back = said.filter(person__in=persons)
    if not said.exclude(person__in=persons).exists():
        return 0
    if back.filter(Q(subject=None) | Q(subject__is_whole=True), record_count=None).exists():
        return 0
    if withdrawal.is_whole:
        return _staying(contribution, user_id, persons)
    gone = WithdrawnRecord.objects.filter(withdrawal=withdrawal)
    if not _in_all_of_it(contribution, user_id, persons):
        gone = gone.filter(record_id__in=_records(contribution, persons))
    by_record = ConsentEventRecord.objects.filter(event__in=back).values("record_id")
    by_subject = SubjectRecord.objects.filter(subject__consent_events__in=back).values("record_id")
    return gone.exclude(record_id__in=by_record).exclude(record_id__in=by_subject).count()


def records_gone_with_others(contribution: Contribution, user_id: UUID | None, persons: Collection[UUID]) -> int:
    """Single records of it that these persons are in and somebody else took back. No user: of the persons alone."""
    some = contribution.withdrawals.filter(is_whole=False).select_related("contribution")
    return sum(gone_with_others(each, user_id, persons) for each in some)


def _staying(contribution: Contribution, user_id: UUID | None, persons: Collection[UUID]) -> int:
    """Of a whole contribution: the records that these persons were in and had not taken back."""
    if _in_all_of_it(contribution, user_id, persons):
        return contribution.record_count
    mine = SubjectRecord.objects.filter(subject__contribution=contribution, subject__person__in=persons)
    return mine.exclude(subject__consent_events__kind="withdrawn").values("record_id").distinct().count()


def _in_all_of_it(contribution: Contribution, user_id: UUID | None, persons: Collection[UUID]) -> bool:
    whole = RecordSubject.objects.filter(contribution=contribution, person__in=persons, is_whole=True)
    return contribution.contributor_id == user_id or whole.exists()


def _records(contribution: Contribution, persons: Collection[UUID]) -> set[str]:
    mine = SubjectRecord.objects.filter(subject__contribution=contribution, subject__person__in=persons)
    return set(mine.values_list("record_id", flat=True))


def _own(contribution: Contribution) -> list[UUID]:
    said = contribution.consent_events.filter(person__account=contribution.contributor_id)
    return list(said.values_list("person", flat=True).distinct())


def _linked(contribution: Contribution) -> list[tuple[UUID, UUID]]:
    subjects = RecordSubject.objects.filter(contribution=contribution, person__account__isnull=False)
    return list(subjects.values_list("person", "person__account").distinct())
