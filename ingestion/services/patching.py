"""After a withdrawal: the version that replaces the one that held it, from the old plan without its segments."""

from uuid import UUID

from django.db import transaction

from collective.catalog.models import Contribution, Dataset, DatasetVersion
from collective.catalog.services import open_patch_version
from collective.core.jobs import enqueue
from ingestion.domain.plan import without
from ingestion.pipeline.schema import from_text
from ingestion.selectors import latest_build
from ingestion.services.planning import plan_of
from ingestion.services.publishing import start_build


def patches_due(*, contribution_id: UUID) -> None:
    """A job for the newest version of the dataset, if it held what was withdrawn."""
    dataset = Dataset.objects.get(contributions=contribution_id)
    newest = _newest(dataset)
    if newest is not None and newest.holdings.filter(contribution_id=contribution_id).exists():
        enqueue("ingestion.patch_version", key=f"patch:{newest.pk}:{contribution_id}", version_id=newest.pk)


@transaction.atomic
def open_patch(*, withdrawn_id: UUID) -> None:
    """Job: open and build the patch version, once. Raises BuildRunningError while another version is being built."""
    withdrawn = DatasetVersion.objects.select_related("dataset__organization").get(pk=withdrawn_id)
    newest = _newest(withdrawn.dataset)
    build = latest_build(withdrawn)
    if withdrawn.state != "withdrawn_content" or newest is None or newest.pk != withdrawn.pk or build is None:
        return
    version = open_patch_version(withdrawn=withdrawn, notes="Without withdrawn contributions.")
    if version is None:
        return
    gone = Contribution.objects.filter(holdings__version=withdrawn, state="withdrawn").values_list("pk", flat=True)
    plan, schema = without(plan_of(build), gone), from_text(build.arrow_schema)
    start_build(version, plan, schema, build.layout, build.left_out)


def _newest(dataset: Dataset) -> DatasetVersion | None:
    return dataset.versions.exclude(state="failed").order_by("-major", "-minor", "-patch").first()
