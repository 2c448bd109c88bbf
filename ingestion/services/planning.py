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
    place_of,
    recipe_sha256,
    rows_of,
    without,
)
from ingestion.domain.splitting import Layout, Place, check_places
from ingestion.errors import NotPreparedError
from ingestion.models import PreparedObject, ShardBuild, VersionBuild
from ingestion.pipeline.schema import from_text, schema_sha256
from ingestion.pipeline.shards import rows_by_place
from ingestion.selectors import latest_build, prepared_objects
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
    """The last version's plan without what left the dataset, followed by what is new."""
    sources = sorted(_sources(build, contributions), key=lambda source: source.place)
    rows: dict[Place, int] = {}
    for source in sources:
        rows[source.place] = rows.get(source.place, 0) + source.rows
    check_places(Layout.from_json(build.layout), rows)
    target = Target(settings.SHARD_TARGET_ROWS, settings.SHARD_TARGET_BYTES)
    plan = extended(_plan_before(build, contributions), sources, target)
    if sum(rows_of(plan).values()) != sum(rows.values()):
        raise ValueError(f"the plan of {build.version_id} does not hold every record once")
    return sorted(plan, key=place_of)


def _sources(build: VersionBuild, contributions: Sequence[Contribution]) -> Iterator[Source]:
    """What each prepared object has for each place. One that lies in one place altogether needs no second look."""
    layout, schema = Layout.from_json(build.layout), from_text(build.arrow_schema)
    for contribution in contributions:
        for one in prepared_of(contribution):
            whole = Source(contribution.pk, one.sha256, one.rows, one.bytes)
            counts = rows_by_place(whole.segment, schema, layout)
            for place, rows in counts.items():
                size, span = one.bytes * rows // one.rows, None if rows == one.rows else one.rows
                yield Source(contribution.pk, one.sha256, rows, size, span=span, place=place)


def _plan_before(build: VersionBuild, contributions: Sequence[Contribution]) -> list[Shard]:
    """Nothing if records lay elsewhere then."""
    sealed = build.version.dataset.versions.exclude(published_at=None).order_by("-major", "-minor", "-patch").first()
    before = latest_build(sealed) if sealed else None
    if before is None or before.layout != build.layout:
        return []
    plan, held = plan_of(before), {each.pk for each in contributions}
    return without(plan, set(rows_of(plan)) - held)


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
