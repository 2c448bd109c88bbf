"""Asking for a version: what it holds, in which columns, cut into which shards."""

from collections.abc import Iterator, Sequence
from uuid import UUID

import pyarrow as pa
from django.conf import settings
from django.db import transaction

from collective.accounts.models import User
from collective.catalog.models import Contribution, DatasetVersion
from collective.catalog.policies import check_can_steward
from collective.catalog.selectors import version_for
from collective.catalog.services import open_version, reopen_version
from collective.core.jobs import enqueue
from ingestion.domain.plan import Segment, Shard, Source, Target, extended, recipe_sha256, rows_of, without
from ingestion.errors import BuildNotFailedError, NotPreparedError
from ingestion.models import PreparedObject, ShardBuild, VersionBuild
from ingestion.pipeline.schema import as_text, from_text, schema_sha256
from ingestion.pipeline.unify import unified
from ingestion.selectors import latest_build, prepared_objects
from ingestion.services.shard_rows import adopt, adoptable, copy_result


@transaction.atomic
def publish_version(*, actor: User, dataset_id: UUID, notes: str = "") -> DatasetVersion:
    """Open a version with everything accepted, and the jobs that build it. Only the steward may.

    Raises NothingToPublishError, BuildRunningError, SchemaMismatchError, NotPreparedError.
    """
    version = open_version(actor=actor, dataset_id=dataset_id, notes=notes)
    contributions = contributions_of(version)
    schema = unified((each.title, from_text(one.arrow_schema)) for each in contributions for one in prepared_of(each))
    start_build(version, _plan(version, contributions), schema)
    return version


@transaction.atomic
def retry_version(*, actor: User, version_id: UUID) -> DatasetVersion:
    """Build a failed version again, by the same plan; shards that were done are taken over."""
    version = version_for(actor, version_id)
    check_can_steward(actor, version.dataset)
    if version.state != "failed":
        raise BuildNotFailedError(number=version.number, state=version.get_state_display())
    reopen_version(actor=actor, version_id=version.pk)
    before = VersionBuild.objects.filter(version=version).latest("attempt")
    start_build(version, plan_of(before), from_text(before.arrow_schema))
    return version


def start_build(version: DatasetVersion, plan: Sequence[Shard], schema: pa.Schema) -> VersionBuild:
    """Rows and jobs for a plan, in the caller's transaction.

    A shard that was built by the same recipe, or that validation prepared just so, is taken over.
    """
    build = VersionBuild.objects.create(
        version=version,
        attempt=version.builds.count() + 1,
        shard_count=len(plan),
        remaining=len(plan),
        arrow_schema=as_text(schema),
    )
    rows = ShardBuild.objects.bulk_create(_rows(build, plan, schema_sha256(schema)))
    for row in rows:
        if row.shard_id is None:
            key = f"shard:{version.pk}:{row.number}:{build.attempt}"
            enqueue("ingestion.build_shard", key=key, build_id=build.pk, number=row.number)
    build.remaining = sum(row.shard_id is None for row in rows)
    build.save(update_fields=["remaining"])
    if not build.remaining:
        begin_sealing(build)
    return build


def begin_sealing(build: VersionBuild) -> None:
    """All shards are there. Exactly one caller gets past the conditional UPDATE and starts the sealing."""
    if VersionBuild.objects.filter(pk=build.pk, remaining=0, state="sharding").update(state="sealing"):
        enqueue("ingestion.seal_build", key=f"seal:{build.pk}", build_id=build.pk)


def plan_of(build: VersionBuild) -> list[Shard]:
    segments = build.shards.order_by("number").values_list("segments", flat=True)
    return [tuple(map(Segment.from_json, each)) for each in segments]


def contributions_of(version: DatasetVersion) -> list[Contribution]:
    """What the version holds, in the stable order in which it was accepted."""
    return list(Contribution.objects.filter(holdings__version=version).order_by("decided_at", "id"))


def prepared_of(contribution: Contribution) -> list[PreparedObject]:
    """Raises NotPreparedError."""
    found = list(prepared_objects(contribution))
    if not found:
        raise NotPreparedError(title=contribution.title)
    return found


def _plan(version: DatasetVersion, contributions: Sequence[Contribution]) -> list[Shard]:
    """The last version's plan without what left the dataset, followed by what is new."""
    sources = [Source(each.pk, one.sha256, one.rows, one.bytes) for each in contributions for one in prepared_of(each)]
    target = Target(settings.SHARD_TARGET_ROWS, settings.SHARD_TARGET_BYTES)
    plan = extended(_plan_before(version, contributions), sources, target)
    if sum(rows_of(plan).values()) != sum(source.rows for source in sources):
        raise ValueError(f"the plan of {version.pk} does not hold every record once")
    return plan


def _plan_before(version: DatasetVersion, contributions: Sequence[Contribution]) -> list[Shard]:
    sealed = version.dataset.versions.exclude(published_at=None).order_by("-major", "-minor", "-patch").first()
    build = latest_build(sealed) if sealed else None
    if build is None:
        return []
    plan, held = plan_of(build), {each.pk for each in contributions}
    return without(plan, set(rows_of(plan)) - held)


def _rows(build: VersionBuild, plan: Sequence[Shard], schema: str) -> Iterator[ShardBuild]:
    recipes = [recipe_sha256(shard, schema_sha256=schema) for shard in plan]
    done = ShardBuild.objects.filter(recipe_sha256__in=set(recipes), shard__isnull=False)
    known, objects = {each.recipe_sha256: each for each in done}, adoptable(plan, schema=schema)
    for number, shard in enumerate(plan):
        row = ShardBuild(
            build=build,
            number=number,
            segments=[segment.as_json() for segment in shard],
            rows=sum(segment.rows for segment in shard),
            recipe_sha256=recipes[number],
        )
        if not adopt(row, shard, objects) and row.recipe_sha256 in known:
            copy_result(known[row.recipe_sha256], row)
        yield row
