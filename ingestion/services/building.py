"""Building shards, and sealing the version when the last one is done. Every step may run twice."""

from uuid import UUID

from django.db import transaction
from django.db.models import F

from collective.core.storage import published
from ingestion.domain.plan import Segment
from ingestion.domain.splitting import Layout
from ingestion.models import ShardBuild, VersionBuild
from ingestion.pipeline.schema import from_text
from ingestion.pipeline.shards import BuiltShard, build
from ingestion.pipeline.workspace import work_folder
from ingestion.services.planning import begin_sealing
from ingestion.services.sealing import seal
from ingestion.services.shard_rows import shard_row


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
        built = build(segments, from_text(row.build.arrow_schema), folder, Layout.from_json(row.build.layout))
        published().put(built.path, sha256=built.digests.sha256)
        published().put(built.records_path, sha256=built.records_sha256)
    _count_in(row, built, segments)


def seal_build(*, build_id: UUID) -> None:
    """Job: the last step. A build that is done, or failed, is left alone."""
    row = VersionBuild.objects.select_related("version__dataset__organization").get(pk=build_id)
    if row.state == "sealing":
        seal(row)


@transaction.atomic
def _count_in(row: ShardBuild, built: BuiltShard, segments: list[Segment]) -> None:
    """The shard's rows, and one less to do: two who built the same shard at once count once."""
    digests = built.digests
    shard = shard_row(digests.sha256, digests.size, built.rows, built.row_groups, segments)
    counted = ShardBuild.objects.filter(pk=row.pk, shard=None).update(
        shard=shard,
        git_sha1=digests.git_sha1,
        records_sha256=built.records_sha256,
        records_root=built.records_root,
        statistics=built.statistics,
        preview=built.preview,
    )
    if counted:
        VersionBuild.objects.filter(pk=row.build_id).update(remaining=F("remaining") - 1)
        begin_sealing(row.build)
