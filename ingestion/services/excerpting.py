"""A few clips and thumbnails of a version, for everybody: small objects of their own, cut while it is sealed."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa

from collective.catalog.models import DatasetVersion
from collective.core.storage import published
from ingestion.domain.plan import Segment
from ingestion.models import Excerpt, ShardBuild
from ingestion.pipeline.cutting import Excerpted, Original, excerpts_of
from ingestion.pipeline.data_file import PREVIEW_ROWS
from ingestion.pipeline.schema import RECORD_ID, media_columns
from ingestion.pipeline.shards import segment_batches
from ingestion.pipeline.workspace import work_folder

EXCERPTS = 5
Cell = tuple[str, str]


def with_excerpts(
    version: DatasetVersion, shards: Sequence[ShardBuild], shown: list[dict[str, Any]], schema: pa.Schema
) -> list[dict[str, Any]]:
    """The preview's records; the first cells with media get `sample`: {"sha256", "media_type", "size"}."""
    columns = media_columns(schema)
    cells = [(record[RECORD_ID], name) for record in shown for name in columns if record[name] is not None]
    wanted = set(cells[:EXCERPTS])
    if not wanted:
        return shown
    with work_folder() as folder:
        cut = excerpts_of(list(_originals(shards, schema, wanted, folder)))
        _keep(version, cut)
    samples = {(each.original.record_id, each.original.column): _sample(each) for each in cut}
    return [_sampled(record, columns, samples) for record in shown]


def _originals(shards: Sequence[ShardBuild], schema: pa.Schema, wanted: set[Cell], folder: Path) -> Iterator[Original]:
    """The media of the wanted cells, written into `folder`. Only segments that hold one of them are read."""
    records = {record_id for record_id, _ in wanted}
    for segment in _segments_with(shards, records):
        for batch in segment_batches(segment, schema):
            for row in batch.to_pylist():
                for name in (column for record_id, column in wanted if record_id == row[RECORD_ID]):
                    path = folder / f"{len(list(folder.iterdir()))}.media"
                    path.write_bytes(row[name]["bytes"] or b"")
                    yield Original(path, segment.contribution_id, row[RECORD_ID], name)


def _segments_with(shards: Sequence[ShardBuild], records: set[str]) -> Iterator[Segment]:
    """The heads of segments that the preview took these records from: it has up to PREVIEW_ROWS of each, in order."""
    for shard in shards:
        at = 0
        for whole in map(Segment.from_json, shard.segments):
            taken = min(whole.rows, PREVIEW_ROWS)
            if records.intersection(record[RECORD_ID] for record in shard.preview[at : at + taken]):
                yield Segment(whole.contribution_id, whole.prepared_sha256, whole.first_row, taken)
            at += taken


def _keep(version: DatasetVersion, cut: Sequence[Excerpted]) -> None:
    """Rows first: a withdrawal that comes in between finds the objects that are about to be."""
    rows = [
        Excerpt(
            version=version,
            contribution_id=each.original.contribution_id,
            record_id=each.original.record_id,
            column=each.original.column,
            sha256=each.sha256,
            size=each.size,
            media_type=each.media_type,
        )
        for each in cut
    ]
    Excerpt.objects.bulk_create(rows, ignore_conflicts=True)
    for each in cut:
        published().put(each.path, sha256=each.sha256)


def _sample(cut: Excerpted) -> dict[str, Any]:
    return {"sha256": cut.sha256, "media_type": cut.media_type, "size": cut.size}


def _sampled(record: dict[str, Any], columns: list[str], samples: dict[Cell, dict[str, Any]]) -> dict[str, Any]:
    found = {name: samples[record[RECORD_ID], name] for name in columns if (record[RECORD_ID], name) in samples}
    return record | {name: {**record[name], "sample": sample} for name, sample in found.items()}
