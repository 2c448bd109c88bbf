"""Which rows go into which shard: by the layout of the dataset, after the plan of the version before."""

from collections.abc import Iterator, Sequence
from uuid import UUID

from django.conf import settings
from django.db import transaction

from collective.catalog.models import Contribution, DatasetVersion
from collective.catalog.services import fail_version
from collective.core.errors import DomainError
from collective.core.jobs import enqueue
from ingestion.domain.plan import (
    Segment,
    Shard,
    Source,
    Target,
    extended,
    leaving_out,
    place_of,
    recipe_sha256,
    rows_of,
    rows_of_places,
)
from ingestion.domain.splitting import Layout, check_places
from ingestion.errors import NotPreparedError
from ingestion.models import PreparedObject, ShardBuild, VersionBuild
from ingestion.pipeline.schema import from_text, schema_sha256
from ingestion.selectors import latest_build, prepared_objects
from ingestion.services.placing import Placed
from ingestion.services.shard_rows import adopt, adoptable, copy_result


def plan_build(*, build_id: UUID) -> None:
    """Job: plan the shards of a build. One that is planned, or whose version ended, is left alone."""
    build = VersionBuild.objects.select_related("version__dataset").get(pk=build_id)
    if build.state != "planning":
        return
    contributions = contributions_of(build.version)
    try:
        plan = _plan(build, contributions)
    except DomainError as error:
        fail_build(build_id=build.pk, reason=str(error))
        return
    with transaction.atomic():
        begin_sharding(build, plan)


@transaction.atomic
def fail_build(*, build_id: UUID, reason: str) -> None:
    """A job of this build gave up: the version fails with the reason, and may be tried again."""
    row = VersionBuild.objects.get(pk=build_id)
    if row.state in ("planning", "sharding", "sealing"):
        row.transition_to("failed")
        fail_version(version_id=row.version_id, reason=reason)


def begin_sharding(build: VersionBuild, plan: Sequence[Shard]) -> None:
    """Rows and jobs for a plan, in the caller's transaction, once.

    A shard that was built by the same recipe, or that validation prepared just so, is taken over.
    """
    if not VersionBuild.objects.filter(pk=build.pk, state="planning").update(state="sharding"):
        return
    rows = ShardBuild.objects.bulk_create(_rows(build, plan))
    for row in rows:
        if row.shard_id is None:
            key = f"shard:{build.version_id}:{row.number}:{build.attempt}"
            enqueue("ingestion.build_shard", key=key, build_id=build.pk, number=row.number)
    remaining = sum(row.shard_id is None for row in rows)
    VersionBuild.objects.filter(pk=build.pk).update(shard_count=len(plan), remaining=remaining)
    if not remaining:
        begin_sealing(build)


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


def _plan(build: VersionBuild, contributions: Sequence[Contribution]) -> list[Shard]:
    """The last version's plan without what left the dataset, followed by what is new; then single rows are left out.

    What a steward may ask for is checked, but not of a patch: it is no less due when a withdrawal empties a split.
    """
    layout, schema, before = Layout.from_json(build.layout), from_text(build.arrow_schema), _before(build)
    objects = [_whole(each) for contribution in contributions for each in prepared_of(contribution)]
    placed = [Placed(each, build.left_out.get(each.prepared_sha256, ()), schema, layout, before) for each in objects]
    sources = sorted((source for each in placed for source in each.sources()), key=lambda source: source.place)
    target = Target(settings.SHARD_TARGET_ROWS, settings.SHARD_TARGET_BYTES)
    plan = extended(leaving_out(plan_of(before) if before else [], {}), sources, target)
    if sum(rows_of(plan).values()) != sum(source.rows for source in sources):
        raise ValueError(f"the plan of {build.version_id} does not hold every record once")
    plan = leaving_out(plan, {key: rows for each in placed for key, rows in each.left_out()})
    if build.version.replaces_id is None:
        check_places(layout, rows_of_places(plan))
    return sorted(plan, key=place_of)


def _whole(prepared: PreparedObject) -> Source:
    return Source(prepared.contribution_id, prepared.sha256, prepared.rows, prepared.bytes)


def _before(build: VersionBuild) -> VersionBuild | None:
    """None if records lay elsewhere then."""
    sealed = build.version.dataset.versions.exclude(published_at=None).order_by("-major", "-minor", "-patch").first()
    before = latest_build(sealed) if sealed else None
    return before if before is not None and before.layout == build.layout else None


def _rows(build: VersionBuild, plan: Sequence[Shard]) -> Iterator[ShardBuild]:
    schema = schema_sha256(from_text(build.arrow_schema))
    recipes = [recipe_sha256(shard, schema_sha256=schema, layout=build.layout) for shard in plan]
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
