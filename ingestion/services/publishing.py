"""Asking for a version: what it holds, and in which columns. Jobs plan, build and seal it."""

from typing import Any
from uuid import UUID

import pyarrow as pa
from django.db import transaction

from collective.accounts.models import User
from collective.catalog.errors import WithdrawnMeanwhileError
from collective.catalog.models import Contribution, DatasetVersion
from collective.catalog.policies import check_can_steward
from collective.catalog.selectors import version_for
from collective.catalog.services import open_version, reopen_version
from collective.core.jobs import enqueue
from ingestion.domain.left_out import LeftOut, Rows, counted, covers, of_all
from ingestion.domain.splitting import check_columns
from ingestion.errors import BuildNotFailedError
from ingestion.models import VersionBuild
from ingestion.pipeline.schema import as_text, from_text
from ingestion.pipeline.unify import unified
from ingestion.selectors import layout_of, records_left_out, rows_taken_back
from ingestion.services.planning import begin_sharding, contributions_of, plan_of, prepared_of
from ingestion.services.scanning import check_scanned
from ingestion.services.secrets import check_secrets_acknowledged


@transaction.atomic
def publish_version(*, actor: User, dataset_id: UUID, notes: str = "") -> DatasetVersion:
    """Open a version with everything accepted, and the job that plans it. Only the steward may.

    Left out are records that were taken back, and records like earlier ones unless the steward keeps both, as it
    stands at this moment.
    Raises NothingToPublishError, BuildRunningError, FilesQuarantinedError, FilesUnscannedError,
    SecretsNotAcknowledgedError, SchemaMismatchError, NotPreparedError, LayoutColumnMissingError.
    """
    left_out: LeftOut = {}

    def missing() -> dict[UUID, int]:
        left_out.update(records_left_out(dataset_id))
        return counted(left_out)

    version = open_version(actor=actor, dataset_id=dataset_id, notes=notes, left_out=missing)
    contributions = contributions_of(version)
    check_scanned(contributions)
    check_secrets_acknowledged(contributions)
    schema = unified((each.title, from_text(one.arrow_schema)) for each in contributions for one in prepared_of(each))
    layout = layout_of(version.dataset)
    check_columns(layout, schema.names)
    start_planning(version, schema, layout.as_json(), of_all(left_out))
    return version


@transaction.atomic
def retry_version(*, actor: User, version_id: UUID) -> DatasetVersion:
    """Build a failed version again, by the same plan; shards that were done are taken over.

    A patch holds only what was published before, and what it takes away must not wait for a scanner. Raises
    WithdrawnMeanwhileError if a record that it was to hold was taken back since.
    """
    version = version_for(actor, version_id)
    check_can_steward(actor, version.dataset)
    if version.state != "failed":
        raise BuildNotFailedError(number=version.number, state=version.get_state_display())
    reopen_version(actor=actor, version_id=version.pk)
    if version.replaces_id is None:
        check_scanned(contributions_of(version))
    before = VersionBuild.objects.filter(version=version).latest("attempt")
    if not covers(before.left_out, of_all(rows_taken_back(Contribution.objects.filter(holdings__version=version)))):
        raise WithdrawnMeanwhileError(number=version.number)
    plan, schema = plan_of(before), from_text(before.arrow_schema)
    if plan:
        begin_sharding(_new_build(version, schema, before.layout, before.left_out), plan)
    elif version.replaces_id is None:
        start_planning(version, schema, layout_of(version.dataset).as_json(), before.left_out)
    else:
        start_planning(version, schema, before.layout, before.left_out)
    return version


def start_planning(version: DatasetVersion, schema: pa.Schema, layout: dict[str, Any], left_out: Rows) -> None:
    """A build, and the job that plans it, in the caller's transaction."""
    build = _new_build(version, schema, layout, left_out)
    enqueue("ingestion.plan_build", key=f"plan:{build.pk}", build_id=build.pk)


def _new_build(version: DatasetVersion, schema: pa.Schema, layout: dict[str, Any], left_out: Rows) -> VersionBuild:
    return VersionBuild.objects.create(
        version=version,
        attempt=version.builds.count() + 1,
        shard_count=0,
        remaining=0,
        arrow_schema=as_text(schema),
        layout=layout,
        left_out=left_out,
    )
