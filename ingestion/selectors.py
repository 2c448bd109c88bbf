"""Reads of ingestion. What a person sees follows from which contributions and versions the catalog shows them."""

from uuid import UUID

from django.db.models import QuerySet

from collective.catalog.models import Contribution, DatasetVersion
from collective.catalog.selectors import Viewer, contributions_visible_to
from ingestion.errors import ReportNotFoundError, UploadNotFoundError
from ingestion.models import PreparedObject, Upload, ValidationReport, VersionBuild


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


def files_of(contribution: Contribution) -> "QuerySet[Upload]":
    """What the workspace lists: stored files, transfers under way, and failures that wait for an answer."""
    return contribution.uploads.exclude(state__in=["aborted", "removed"]).order_by("created_at", "id")


def stored_files(contribution: Contribution) -> "QuerySet[Upload]":
    """The files that validation reads, in the stable order in which they were begun."""
    return Upload.objects.stored().filter(contribution=contribution).order_by("created_at", "id")


def latest_report(contribution: Contribution) -> ValidationReport | None:
    return contribution.reports.order_by("-number").first()


def report_for(user: Viewer, contribution_id: UUID) -> ValidationReport:
    contribution = contributions_visible_to(user).filter(pk=contribution_id).first()
    report = latest_report(contribution) if contribution else None
    if report is None:
        raise ReportNotFoundError
    return report


def prepared_objects(contribution: Contribution) -> "QuerySet[PreparedObject]":
    """What the contribution's passed check prepared, in the order of its files."""
    passed = contribution.reports.filter(state="passed").order_by("-number").first()
    rows = PreparedObject.objects.filter(report=passed) if passed else PreparedObject.objects.none()
    return rows.order_by("file_number", "part_number")


def latest_build(version: DatasetVersion) -> VersionBuild | None:
    return VersionBuild.objects.filter(version=version).order_by("-attempt").first()
