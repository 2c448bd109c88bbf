"""After a withdrawal: the version that replaces the one that held it, by the old plan without what was taken back."""

from uuid import UUID

from django.db import transaction

from collective.catalog.models import Contribution, Dataset, DatasetVersion, Withdrawal
from collective.catalog.services import open_patch_version
from collective.core.jobs import enqueue
from ingestion.domain.left_out import LeftOut, counted, of_all, united
from ingestion.models import PreparedObject, VersionBuild
from ingestion.pipeline.schema import from_text
from ingestion.selectors import latest_build, rows_taken_back
from ingestion.services.publishing import start_planning


def patches_due(*, contribution_id: UUID) -> None:
    """A job for the newest version of the dataset, if it held what was withdrawn."""
    _patch_due(contribution_id, reason=contribution_id)


def patches_without_records_due(*, withdrawal_id: UUID) -> None:
    """The same after single records were taken back, each time anew."""
    _patch_due(Withdrawal.objects.get(pk=withdrawal_id).contribution_id, reason=withdrawal_id)


@transaction.atomic
def open_patch(*, withdrawn_id: UUID) -> None:
    """Job: open the patch version and have it planned, once. Raises BuildRunningError while another is being built."""
    withdrawn = DatasetVersion.objects.select_related("dataset__organization").get(pk=withdrawn_id)
    newest = _newest(withdrawn.dataset)
    build = latest_build(withdrawn)
    if withdrawn.state != "withdrawn_content" or newest is None or newest.pk != withdrawn.pk or build is None:
        return
    left_out: LeftOut = {}

    def missing() -> dict[UUID, int]:
        left_out.update(_left_out(build))
        return counted(left_out)

    version = open_patch_version(withdrawn=withdrawn, notes="Without what was taken back.", left_out=missing)
    if version is not None:
        start_planning(version, from_text(build.arrow_schema), build.layout, of_all(left_out))


def _patch_due(contribution_id: UUID, *, reason: UUID) -> None:
    newest = _newest(Dataset.objects.get(contributions=contribution_id))
    if newest is not None and newest.holdings.filter(contribution_id=contribution_id).exists():
        enqueue("ingestion.patch_version", key=f"patch:{newest.pk}:{reason}", version_id=newest.pk)


def _left_out(build: VersionBuild) -> LeftOut:
    """What the version left out already, and what was taken back since."""
    objects = PreparedObject.objects.filter(sha256__in=build.left_out)
    before: LeftOut = {}
    for sha256, contribution in objects.values_list("sha256", "contribution"):
        before.setdefault(contribution, {})[sha256] = build.left_out[sha256]
    return united(before, rows_taken_back(Contribution.objects.filter(holdings__version=build.version_id)))


def _newest(dataset: Dataset) -> DatasetVersion | None:
    return dataset.versions.exclude(state="failed").order_by("-major", "-minor", "-patch").first()
