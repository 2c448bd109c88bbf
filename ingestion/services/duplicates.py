"""Records with exactly the same values as another: in the contribution, and in what its dataset has already."""

from collections.abc import Iterable
from functools import partial
from typing import BinaryIO

from collective.catalog.models import Contribution, WithdrawnRecord
from collective.core.storage import published
from ingestion.domain.findings import Finding
from ingestion.domain.similarity import LIVE
from ingestion.models import PreparedObject, ValidationReport
from ingestion.pipeline.duplicates import Opener, Repeated, repeats
from ingestion.pipeline.record_lists import without_rows

CODES = ("same_in_contribution", "same_in_dataset")


def duplicate_findings(report: ValidationReport) -> list[Finding]:
    """Of a check whose pieces are all done; rows are counted through the whole contribution."""
    own = PreparedObject.objects.filter(piece__report=report).order_by(*PreparedObject.IN_ORDER)
    found = repeats(_lists(own), _lists(_elsewhere(report.contribution)))
    told = dict(zip(CODES, (found.inside, found.elsewhere), strict=True))
    return [_finding(code, repeated) for code, repeated in told.items() if repeated.count]


def _elsewhere(contribution: Contribution) -> Iterable[PreparedObject]:
    others = PreparedObject.objects.filter(
        contribution__dataset=contribution.dataset_id, contribution__state__in=LIVE, piece__report__state="passed"
    )
    return others.exclude(contribution=contribution).order_by("pk")


def _lists(prepared: Iterable[PreparedObject]) -> list[Opener]:
    return [partial(_opened, each.sha256, each.records_sha256) for each in prepared]


def _opened(sha256: str, records_sha256: str) -> BinaryIO:
    """The record list without records that were taken back: nobody repeats those."""
    gone = WithdrawnRecord.objects.filter(prepared_sha256=sha256).values_list("row", flat=True)
    stored = published().open(records_sha256)
    if not gone:
        return stored
    with stored:
        return without_rows(stored, gone)


def _finding(code: str, repeated: Repeated) -> Finding:
    return Finding("duplicates", code, "warning", "", repeated.count, repeated.rows)
