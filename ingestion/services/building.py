"""Building shards, and sealing the version when the last one is done. Every step may run twice."""

from uuid import UUID

from django.db import transaction
from django.db.models import F

from collective.catalog.models import Shard, ShardSegment
from collective.catalog.services import fail_version
from collective.core.storage import published
from ingestion.domain.plan import Segment
from ingestion.models import ShardBuild, VersionBuild
from ingestion.pipeline.schema import from_text
from ingestion.pipeline.shards import BuiltShard, build
from ingestion.pipeline.workspace import work_folder
from ingestion.services.publishing import begin_sealing
from ingestion.services.sealing import seal


def build_shard(*, build_id: UUID, number: int) -> None:
    """Job: build one shard and count it. A shard that is done, or whose version ended, is left alone."""
    row = ShardBuild.objects.select_related("build__version").get(build_id=build_id, number=number)
    if row.shard_id is not None or row.build.state != "sharding":
        return
    if row.build.version.state != "building":
        row.build.transition_to("failed")
        return
    segments = [Segment.from_json(each) for each in row.segments]
    with work_folder() as folder:
        built = build(segments, from_text(row.build.arrow_schema), folder)
        published().put(built.path, sha256=built.sha256)
        published().put(built.leaves_path, sha256=built.leaves_sha256)
    _count_in(row, built, segments)


def seal_build(*, build_id: UUID) -> None:
    """Job: the last step. A build that is done, or failed, is left alone."""
    row = VersionBuild.objects.select_related("version__dataset__organization").get(pk=build_id)
    if row.state == "sealing":
        seal(row)


@transaction.atomic
def fail_build(*, build_id: UUID, reason: str) -> None:
    """A job of this build gave up: the version fails with the reason, and may be tried again."""
    row = VersionBuild.objects.get(pk=build_id)
    if row.state in ("sharding", "sealing"):
        row.transition_to("failed")
        fail_version(version_id=row.version_id, reason=reason)


@transaction.atomic
def _count_in(row: ShardBuild, built: BuiltShard, segments: list[Segment]) -> None:
    """The shard's rows, and one less to do: two who built the same shard at once count once."""
    shard, first = Shard.objects.get_or_create(
        sha256=built.sha256, defaults={"size": built.size, "rows": built.rows, "row_groups": built.row_groups}
    )
    if first:
        ShardSegment.objects.bulk_create(_segment(shard, position, each) for position, each in enumerate(segments))
    counted = ShardBuild.objects.filter(pk=row.pk, shard=None).update(
        shard=shard,
        git_sha1=built.git_sha1,
        leaves_sha256=built.leaves_sha256,
        statistics=built.statistics,
        preview=built.preview,
    )
    if counted:
        VersionBuild.objects.filter(pk=row.build_id).update(remaining=F("remaining") - 1)
        begin_sealing(row.build)


def _segment(shard: Shard, position: int, segment: Segment) -> ShardSegment:
    return ShardSegment(
        shard=shard,
        position=position,
        contribution_id=segment.contribution_id,
        prepared_sha256=segment.prepared_sha256,
        first_row=segment.first_row,
        rows=segment.rows,
    )
