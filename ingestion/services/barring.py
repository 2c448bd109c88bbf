"""What was taken back from a dataset stays out of it, whoever else brings it again: by keyed hashes of its records.

Exactly the same values are meant, as with duplicates. The one who took it back may give it again: they answer anew.
"""

from collections.abc import Callable, Iterable, Iterator
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.crypto import salted_hmac

from collective.catalog.models import VersionContribution, Withdrawal
from collective.core.storage import published
from ingestion.domain.findings import MOST_ROWS, Finding
from ingestion.domain.similarity import LIVE
from ingestion.models import BarredRecord, PreparedObject, ValidationReport, WithdrawnContent
from ingestion.pipeline.record_lists import hash_blocks
from ingestion.selectors import prepared_objects

CHECK, CODE = "duplicates", "taken_back"
Mac = Callable[[bytes], str]


def keep_out(withdrawal: Withdrawal) -> None:
    """Job, any number of times: remember what was taken back, and look again at what waits to be published.

    What went only because its source was taken back is no person's wish: its owner may build it again without that.
    """
    if withdrawal.taker_mac is None and withdrawal.contribution.derivations.exists():
        return
    mac = _mac_in(withdrawal.dataset_id)
    for hashes in _withdrawn(withdrawal):
        contents = [
            WithdrawnContent(withdrawal=withdrawal, dataset_id=withdrawal.dataset_id, mac=mac(h)) for h in hashes
        ]
        WithdrawnContent.objects.bulk_create(contents, ignore_conflicts=True)
    for report in _checked_without_this(withdrawal).select_related("contribution"):
        others = [each for each in report.findings if (each["check"], each["code"]) != (CHECK, CODE)]
        found = [each.as_json() for each in barred_findings(report)]
        ValidationReport.objects.filter(pk=report.pk).update(findings=[*others, *found])


def _checked_without_this(withdrawal: Withdrawal) -> "QuerySet[ValidationReport]":
    """Of others: what no version had held yet, or what was checked when it had been taken back."""
    held = VersionContribution.objects.filter(contribution=OuterRef("contribution")).exclude(version__published_at=None)
    passed = ValidationReport.objects.filter(Q(finished_at__gte=withdrawal.at) | ~Exists(held), state="passed")
    others = passed.exclude(contribution=withdrawal.contribution_id)
    return others.filter(contribution__dataset=withdrawal.dataset_id, contribution__state__in=LIVE)


def barred_findings(report: ValidationReport) -> list[Finding]:
    """Bars what others took back from the dataset, of a check whose pieces are done; rows through the contribution."""
    if not WithdrawnContent.objects.filter(dataset=report.contribution.dataset_id).exists():
        return []
    mac, own = _mac_in(report.contribution.dataset_id), _taken_by_contributor(report)
    before, count, first = 0, 0, list[int]()
    for prepared in PreparedObject.objects.filter(piece__report=report).order_by(*PreparedObject.IN_ORDER):
        rows = list(_rows_to_bar(prepared, mac, own))
        BarredRecord.objects.bulk_create(
            (BarredRecord(prepared=prepared, row=row) for row in rows), batch_size=1000, ignore_conflicts=True
        )
        count += len(rows)
        first += [before + row + 1 for row in rows[: MOST_ROWS - len(first)]]
        before += prepared.rows
    return [Finding(CHECK, CODE, "warning", "", count, tuple(first))] if count else []


def _rows_to_bar(prepared: PreparedObject, mac: Mac, own: set[UUID]) -> Iterator[int]:
    known, before = WithdrawnContent.objects.filter(dataset=prepared.contribution.dataset_id), 0
    with published().open(prepared.records_sha256) as stored:
        for hashes in hash_blocks(stored):
            macs = [mac(each) for each in hashes]
            found = known.filter(mac__in=macs).values_list("mac", "withdrawal")
            barred = {each for each, withdrawal in found if withdrawal not in own}
            yield from (before + row for row, each in enumerate(macs) if each in barred)
            before += len(hashes)


def _taken_by_contributor(report: ValidationReport) -> set[UUID]:
    contribution = report.contribution
    taken = Withdrawal.objects.filter(dataset=contribution.dataset_id).exclude(taker_mac=None)
    return {each.pk for each in taken if each.was_by(contribution.contributor_id)}


def _withdrawn(withdrawal: Withdrawal) -> Iterator[Iterable[bytes]]:
    """Hashes in blocks. All of it means what was not taken back before, by somebody else maybe."""
    if not withdrawal.is_whole:
        yield [bytes.fromhex(each) for each in withdrawal.records.values_list("record_sha256", flat=True)]
        return
    contribution = withdrawal.contribution
    before = {bytes.fromhex(each) for each in contribution.withdrawn_records.values_list("record_sha256", flat=True)}
    for prepared in prepared_objects(contribution):
        with published().open(prepared.records_sha256) as stored:
            yield from ([each for each in hashes if each not in before] for hashes in hash_blocks(stored))


def _mac_in(dataset_id: UUID) -> Mac:
    """By a key of the instance and the dataset: equal records of two datasets have nothing in common."""
    keyed = salted_hmac("ingestion.withdrawn", str(dataset_id), algorithm="sha256")

    def mac(record_sha256: bytes) -> str:
        one = keyed.copy()
        one.update(record_sha256)
        return one.hexdigest()

    return mac
