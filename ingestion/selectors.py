"""Reads of ingestion. What a person sees follows from which contributions and versions the catalog shows them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, QuerySet, Subquery, Sum

from collective.catalog.models import Contribution, Dataset, DatasetVersion, WithdrawnRecord
from collective.catalog.selectors import Viewer, contribution_for, contributions_visible_to
from ingestion.domain.findings import SECRETS, Finding
from ingestion.domain.left_out import LeftOut, Rows, united
from ingestion.domain.problems import without_examples
from ingestion.domain.similarity import LIVE
from ingestion.domain.splitting import Layout
from ingestion.errors import ReportNotFoundError, UploadNotFoundError
from ingestion.models import (
    BarredRecord,
    ComparedObject,
    DatasetLayout,
    Piece,
    PreparedObject,
    SecretsAcknowledgement,
    SimilarRecords,
    Upload,
    ValidationReport,
    VersionBuild,
)


def uploads_visible_to(user: Viewer) -> "QuerySet[Upload]":
    """Uploads are their contributor's alone; a steward reads reports, not transfers."""
    if not user.is_authenticated:
        return Upload.objects.none()
    return Upload.objects.filter(created_by=user).select_related("contribution__dataset__organization")


def upload_for(user: Viewer, upload_id: UUID) -> Upload:
    found = uploads_visible_to(user).filter(pk=upload_id).first()
    if found is None:
        raise UploadNotFoundError
    return found


def own_uploads(user: Viewer, contribution_id: UUID) -> "QuerySet[Upload]":
    """Those that this person sent to a contribution that they may see."""
    return uploads_visible_to(user).filter(contribution=contribution_for(user, contribution_id))


UPLOADS_COUNTED = ("open", "assembling", "stored", "failed", "quarantined", "expired")


def upload_summary(user: Viewer, contribution_id: UUID) -> dict[str, int]:
    """How many of one's own are in which state, and the bytes of the stored ones."""
    rows = own_uploads(user, contribution_id).order_by().values_list("state").annotate(Count("id"), Sum("size"))
    found = {state: (count, size) for state, count, size in rows}
    counts = {state: found.get(state, (0, 0))[0] for state in UPLOADS_COUNTED}
    return {**counts, "bytes": found.get("stored", (0, 0))[1]}


def files_of(contribution: Contribution) -> "QuerySet[Upload]":
    """What the workspace lists: stored files, transfers under way, and what failed or lies in quarantine."""
    return contribution.uploads.exclude(state__in=["aborted", "removed"]).order_by("created_at", "id")


def stored_files(contribution: Contribution) -> "QuerySet[Upload]":
    """The files that validation reads, in the stable order in which they were begun."""
    return Upload.objects.stored().filter(contribution=contribution).order_by("created_at", "id")


def latest_report(contribution: Contribution) -> ValidationReport | None:
    """To be shown, not saved: what is not erased yet after a withdrawal is told to nobody."""
    report = contribution.reports.order_by("-number").first()
    return _without_withdrawn(report, contribution) if report else None


def report_for(user: Viewer, contribution_id: UUID) -> ValidationReport:
    contribution = contributions_visible_to(user).filter(pk=contribution_id).first()
    report = latest_report(contribution) if contribution else None
    if report is None:
        raise ReportNotFoundError
    return report


def _without_withdrawn(report: ValidationReport, contribution: Contribution) -> ValidationReport:
    """Statistics that still count a record that was taken back are told again when the erasing has counted anew."""
    if contribution.state == "withdrawn":
        report.statistics, report.errors, report.warnings, report.findings = {}, [], [], []
        return report
    gone = contribution.withdrawn_records.count()
    if gone and sum(totals["rows"] for totals in report.statistics.values()) > report.rows_done - gone:
        report.statistics = {}
    if gone:
        report.errors, report.warnings = without_examples(report.errors), without_examples(report.warnings)
    return report


def passed_report(contribution: Contribution) -> ValidationReport | None:
    """The check by which the contribution may be published."""
    return contribution.reports.filter(state="passed").order_by("-number").first()


def findings_of(report: ValidationReport | None, check: str | None = None) -> list[Finding]:
    """All, or those of one check."""
    found = [Finding.from_json(each) for each in report.findings] if report else []
    return [each for each in found if check in (None, each.check)]


def secrets_found(report: ValidationReport | None) -> int:
    """In how many places; a record in which two kinds were found counts twice."""
    return sum(each.count for each in findings_of(report, SECRETS))


def acknowledgement_of(report: ValidationReport) -> SecretsAcknowledgement | None:
    return SecretsAcknowledgement.objects.filter(report=report).select_related("by").first()


def prepared_objects(contribution: Contribution) -> "QuerySet[PreparedObject]":
    """What the contribution's passed check prepared, in the order of its files."""
    passed = passed_report(contribution)
    rows = PreparedObject.objects.filter(piece__report=passed) if passed else PreparedObject.objects.none()
    return rows.order_by(*PreparedObject.IN_ORDER)


def stored_sha256(prepared_sha256: str) -> str:
    """The name of the object where a prepared object's rows lie now: records were taken out of it since."""
    found = PreparedObject.objects.filter(sha256=prepared_sha256).exclude(stored_sha256="")
    return found.values_list("stored_sha256", flat=True).first() or prepared_sha256


def uncompared(*, checked_before: datetime) -> "QuerySet[Contribution]":
    """Live contributions of which something that their passed check prepared has not been compared."""
    passed = ValidationReport.objects.filter(contribution=OuterRef("contribution"), state="passed").order_by("-number")
    prepared = PreparedObject.objects.filter(compared=None, piece__report=Subquery(passed.values("pk")[:1]))
    left = prepared.filter(piece__report__finished_at__lt=checked_before)
    return Contribution.objects.filter(state__in=LIVE, pk__in=left.values("contribution"))


def files_read(contribution: Contribution) -> "QuerySet[Upload]":
    """What the contribution's passed check read, whatever has become of it since."""
    passed = passed_report(contribution)
    pieces = Piece.objects.filter(report=passed) if passed else Piece.objects.none()
    return Upload.objects.filter(pk__in=pieces.values("upload"))


def latest_build(version: DatasetVersion) -> VersionBuild | None:
    return VersionBuild.objects.filter(version=version).order_by("-attempt").first()


def layout_of(dataset: Dataset) -> Layout:
    """As the steward has said, or one config that is all for training."""
    row = DatasetLayout.objects.filter(dataset=dataset).first()
    return Layout.from_json(row.rules) if row else Layout()


@dataclass(frozen=True)
class SimilarSummary:
    """Records of a contribution that resemble earlier ones on this site; `beyond` look so and were not looked at.

    With recordings or pictures, they are not compared by the texts beside these.
    """

    is_compared: bool
    has_media: bool
    records: int
    beyond: int
    undecided: int


def similar_summary(contribution: Contribution) -> SimilarSummary:
    pairs, first = similar_pairs(contribution), prepared_objects(contribution).first()
    compared = ComparedObject.objects.filter(prepared__contribution=contribution)
    return SimilarSummary(
        is_compared=not prepared_objects(contribution).filter(compared=None).exists(),
        has_media=first is not None and first.has_media,
        records=pairs.values("later_prepared", "later_row").distinct().count(),
        beyond=compared.aggregate(total=Sum("beyond"))["total"] or 0,
        undecided=pairs.filter(decision="").count(),
    )


def similar_pairs(contribution: Contribution) -> "QuerySet[SimilarRecords]":
    """Pairs whose later record is the contribution's; nothing of what was rejected or withdrawn."""
    live = SimilarRecords.objects.filter(later=contribution, later__state__in=LIVE, earlier__state__in=LIVE)
    live = live.exclude(_is_taken_back("earlier")).exclude(_is_taken_back("later"))
    ordered = live.order_by("-per_mille", "later_prepared", "later_row", "id")
    return ordered.select_related("earlier__dataset", "earlier_prepared", "later_prepared")


def _is_taken_back(which: str) -> Exists:
    """Whether that record of a pair was withdrawn by itself."""
    record = {"contribution": OuterRef(which), "record_id": OuterRef(f"{which}_record_id")}
    return Exists(WithdrawnRecord.objects.filter(**record))


def seen_earlier(user: Viewer, pairs: Sequence[SimilarRecords]) -> set[int]:
    """Those whose earlier record this person may see, with its text and what it belongs to."""
    by_earlier = {pair.earlier_id for pair in pairs}
    visible = set(contributions_visible_to(user).filter(pk__in=by_earlier).values_list("pk", flat=True))
    return {pair.pk for pair in pairs if pair.earlier_id in visible}


def records_left_out(dataset_id: UUID) -> LeftOut:
    """What a version opened now does not hold: what was taken back, the same given again, and what is like earlier.

    Of the latter the earlier record wins until the steward decides. What an earlier check had prepared does not count.
    """
    like_earlier: LeftOut = {}
    for contribution in Contribution.objects.filter(dataset=dataset_id, similar__isnull=False).distinct():
        pairs = similar_pairs(contribution).exclude(decision=SimilarRecords.BOTH)
        pairs = pairs.filter(later_prepared__in=prepared_objects(contribution).order_by())
        rows = pairs.order_by("later_prepared", "later_row").values_list("later_prepared__sha256", "later_row")
        for sha256, row in rows.distinct():
            like_earlier.setdefault(contribution.pk, {}).setdefault(sha256, []).append(row)
    everything = Contribution.objects.filter(dataset=dataset_id).exclude(state="withdrawn")
    return united(like_earlier, rows_taken_back(everything), _rows_barred(everything))


def _rows_barred(contributions: "QuerySet[Contribution]") -> LeftOut:
    """Where records lie that somebody else took back before: see `services/barring.py`."""
    found: LeftOut = {}
    for contribution in contributions.filter(prepared__barred__isnull=False).distinct():
        barred = BarredRecord.objects.filter(prepared__in=prepared_objects(contribution).order_by())
        for sha256, row in barred.order_by("prepared", "row").values_list("prepared__sha256", "row"):
            found.setdefault(contribution.pk, {}).setdefault(sha256, []).append(row)
    return found


def rows_taken_back(contributions: "QuerySet[Contribution]") -> LeftOut:
    """Where the single records of these lie that were withdrawn."""
    found: LeftOut = {}
    records = WithdrawnRecord.objects.filter(contribution__in=contributions.order_by())
    rows = records.order_by("prepared_sha256", "row").values_list("contribution", "prepared_sha256", "row")
    for contribution, sha256, row in rows:
        found.setdefault(contribution, {}).setdefault(sha256, []).append(row)
    return found


def taken_back_among(left_out: Rows) -> int:
    """How many of these rows are records that were withdrawn, or the same given again."""
    rows = WithdrawnRecord.objects.filter(prepared_sha256__in=left_out).values_list("prepared_sha256", "row")
    again = BarredRecord.objects.filter(prepared__sha256__in=left_out).values_list("prepared__sha256", "row")
    known = {sha256: set(rows) for sha256, rows in left_out.items()}
    return sum(row in known[sha256] for sha256, row in {*rows, *again})
