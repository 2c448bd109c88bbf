"""Reads about withdrawals: what licensees may know of them, and what licensees have answered."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from collective.accounts.selectors import Person, organizations_of
from collective.catalog.domain.records import ListedRecord, list_records
from collective.catalog.models import (
    Contribution,
    Dataset,
    DatasetVersion,
    ShardSegment,
    VersionFile,
    Withdrawal,
    WithdrawnRecord,
)
from licensing.errors import WithdrawalNotFoundError, WithdrawalNoticeNotFoundError
from licensing.models import LicenseGrant, WithdrawalNotice


def withdrawals_visible_to(user: Person) -> "QuerySet[Withdrawal]":
    """Of datasets that the user's organizations hold or held a license for, from its conclusion on; oldest first."""
    held = LicenseGrant.objects.filter(
        licensee__in=organizations_of(user).order_by(),
        dataset=OuterRef("dataset"),
        agreement__concluded_at__lte=OuterRef("at"),
    )
    return Withdrawal.objects.filter(Exists(held)).select_related("dataset__organization").order_by("number")


def withdrawal_for(user: Person, number: int) -> Withdrawal:
    found = withdrawals_visible_to(user).filter(number=number).first()
    if found is None:
        raise WithdrawalNotFoundError
    return found


@dataclass(frozen=True)
class RecordPage:
    """`next_place` is None after the last record of the withdrawal."""

    records: list[ListedRecord]
    next_place: int | None


def withdrawn_records(withdrawal: Withdrawal, *, first: int, count: int) -> RecordPage:
    """Records from place `first` (from 0) on. A page may be shorter than `count` and still not be the last."""
    if withdrawal.is_whole:
        listed = list_records(withdrawal.contribution_id, first=first, count=count)
        records = _not_gone_before(withdrawal, listed)
    else:
        rows = withdrawal.records.order_by("pk")[first : first + count]
        records = listed = [ListedRecord(row.record_id, row.record_sha256) for row in rows]
    return RecordPage(records, first + len(listed) if len(listed) == count else None)


def _not_gone_before(withdrawal: Withdrawal, listed: list[ListedRecord]) -> list[ListedRecord]:
    """Without records that were taken back by themselves earlier: those are told under that number."""
    ids = [record.record_id for record in listed]
    singles = WithdrawnRecord.objects.filter(contribution=withdrawal.contribution_id, record_id__in=ids)
    gone = set(singles.values_list("record_id", flat=True))
    return [record for record in listed if record.record_id not in gone]


def versions_of(withdrawal: Withdrawal) -> "QuerySet[DatasetVersion]":
    """Published versions that held something of it, in order."""
    return DatasetVersion.objects.filter(withdrawals__withdrawal=withdrawal).order_by("major", "minor", "patch")


def grants_to_tell(withdrawal: Withdrawal) -> list[LicenseGrant]:
    """Concluded before it, and covering a version that held it, whatever has become of them: copies may lie about."""
    versions = list(versions_of(withdrawal))
    before = LicenseGrant.objects.filter(dataset=withdrawal.dataset_id, agreement__concluded_at__lte=withdrawal.at)
    rows = before.select_related("offer__license_version__template").order_by("pk")
    return [grant for grant in rows if any(grant.covers(version) for version in versions)]


# Notices


def notices_visible_to(user: Person) -> "QuerySet[WithdrawalNotice]":
    """Those of the organizations that the user belongs to, newest first."""
    return _told().filter(grant__licensee__in=organizations_of(user).order_by())


def notice_for(user: Person, notice_id: UUID) -> WithdrawalNotice:
    found = notices_visible_to(user).filter(pk=notice_id).first()
    if found is None:
        raise WithdrawalNoticeNotFoundError
    return found


def open_notices(user: Person) -> "QuerySet[WithdrawalNotice]":
    """Those that wait for an answer of the user's organizations."""
    return notices_visible_to(user).filter(
        Q(due_at=None, state="notified") | Q(due_at__isnull=False, state__in=["notified", "acknowledged", "overdue"])
    )


def notices_about(contribution: Contribution) -> "QuerySet[WithdrawalNotice]":
    """What the licensees were told of its withdrawals. For its contributor and its stewards."""
    return _told().filter(withdrawal__contribution=contribution)


def notices_of(dataset: Dataset) -> "QuerySet[WithdrawalNotice]":
    """For its stewards."""
    return _told().filter(withdrawal__dataset=dataset)


def _told() -> "QuerySet[WithdrawalNotice]":
    rows = WithdrawalNotice.objects.select_related(
        "withdrawal__dataset__organization", "grant__licensee", "grant__license"
    )
    return rows.order_by("-withdrawal__number", "-id")


@dataclass(frozen=True)
class Answers:
    """How many licensees were told, in how many notices, and where those stand."""

    told: int
    notices: int
    acknowledged: int
    attested: int
    overdue: int


def answers_in(notices: Iterable[WithdrawalNotice]) -> Answers:
    rows = list(notices)
    licensees, states = {row.grant.licensee_id for row in rows}, [row.state for row in rows]
    return Answers(
        len(licensees), len(rows), *(states.count(state) for state in ("acknowledged", "attested", "overdue"))
    )


def files_concerned(notice: WithdrawalNotice) -> list[VersionFile]:
    """Files of versions that the license covers. For single records also a neighbor that may hold them is named:
    where a layout spreads rows, only the file's own record ids tell."""
    withdrawal, grant = notice.withdrawal, notice.grant
    versions = [version.pk for version in versions_of(withdrawal) if grant.covers(version)]
    segments = ShardSegment.objects.filter(contribution=withdrawal.contribution_id)
    if not withdrawal.is_whole:
        inside = WithdrawnRecord.objects.filter(
            withdrawal=withdrawal, prepared_sha256=OuterRef("prepared_sha256"), row__gte=OuterRef("first_row")
        )
        segments = segments.filter(Exists(inside))
    files = VersionFile.objects.filter(version__in=versions, shard__in=segments.values("shard"))
    return list(files.select_related("version").order_by("version__created_at", "path"))
