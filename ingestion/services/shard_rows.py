"""A shard's rows in the catalog, and taking over what is a shard already."""

from collections.abc import Iterable, Mapping, Sequence

from collective.catalog.models import Shard, ShardSegment
from ingestion.domain.plan import Segment
from ingestion.domain.plan import Shard as Planned
from ingestion.models import PreparedObject, ShardBuild
from ingestion.pipeline.schema import from_text, schema_sha256


def shard_row(sha256: str, size: int, rows: int, row_groups: int, segments: Sequence[Segment]) -> Shard:
    """In the caller's transaction; a shard that is known stays as it is."""
    shard, first = Shard.objects.get_or_create(
        sha256=sha256, defaults={"size": size, "rows": rows, "row_groups": row_groups}
    )
    if first:
        ShardSegment.objects.bulk_create(_segment(shard, position, each) for position, each in enumerate(segments))
    return shard


def adoptable(plan: Iterable[Planned], *, schema: str) -> dict[str, PreparedObject]:
    """By SHA-256: prepared objects that are a planned shard as they are, whole, alone, in the columns of `schema`."""
    alone = {shard[0].prepared_sha256: shard[0] for shard in plan if len(shard) == 1 and shard[0].span is None}
    found = PreparedObject.objects.filter(sha256__in=alone).exclude(records_sha256="")
    whole = (each for each in found if (alone[each.sha256].first_row, alone[each.sha256].rows) == (0, each.rows))
    return {each.sha256: each for each in whole if schema_sha256(from_text(each.arrow_schema)) == schema}


def adopt(row: ShardBuild, shard: Planned, objects: Mapping[str, PreparedObject]) -> bool:
    """Fill the row of a shard that is there already. False: it has to be built."""
    prepared = objects.get(shard[0].prepared_sha256) if len(shard) == 1 and shard[0].span is None else None
    if prepared is None:
        return False
    row.shard = shard_row(prepared.sha256, prepared.bytes, prepared.rows, prepared.row_groups, shard)
    for name in ("git_sha1", "records_sha256", "records_root", "statistics", "preview"):
        setattr(row, name, getattr(prepared, name))
    return True


def copy_result(built: ShardBuild, row: ShardBuild) -> None:
    """Take over a shard that another build made by the same recipe."""
    for name in ("shard_id", "git_sha1", "records_sha256", "records_root", "statistics", "preview"):
        setattr(row, name, getattr(built, name))


def _segment(shard: Shard, position: int, segment: Segment) -> ShardSegment:
    return ShardSegment(
        shard=shard,
        position=position,
        contribution_id=segment.contribution_id,
        prepared_sha256=segment.prepared_sha256,
        first_row=segment.first_row,
        rows=segment.rows,
    )
