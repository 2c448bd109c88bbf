"""A few clips and thumbnails of a version, for everybody: small objects of their own, cut while it is sealed."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa

from collective.catalog.models import DatasetVersion
from collective.core.storage import published
from ingestion.domain.plan import Segment
from ingestion.domain.splitting import Layout
from ingestion.models import Excerpt, ShardBuild, VersionBuild
from ingestion.pipeline.cutting import Excerpted, Original, excerpts_of
from ingestion.pipeline.data_file import PREVIEW_ROWS
from ingestion.pipeline.schema import RECORD_ID, from_text, media_columns
from ingestion.pipeline.shards import rows_in_place
from ingestion.pipeline.workspace import work_folder

EXCERPTS = 5
Cell = tuple[str, str]


def with_excerpts(
    build: VersionBuild, shards: Sequence[ShardBuild], shown: list[dict[str, Any]]
) -> list[dict[str, Any]]:
    """The preview's records; the first cells with media get `sample`: {"sha256", "media_type", "size"}."""
    schema, layout = from_text(build.arrow_schema), Layout.from_json(build.layout)
    columns = media_columns(schema)
    cells = [(record[RECORD_ID], name) for record in shown for name in columns if record[name] is not None]
    wanted = set(cells[:EXCERPTS])
    if not wanted:
        return shown
    with work_folder() as folder:
        heads = _heads_with(shards, {record_id for record_id, _ in wanted})
        rows = ((head, row) for head, taken in heads for row in _first(rows_in_place(head, schema, layout), taken))
        cut = excerpts_of(list(_originals(rows, wanted, folder)))
        _keep(build.version, cut)
    samples = {(each.original.record_id, each.original.column): _sample(each) for each in cut}
    return [_sampled(record, columns, samples) for record in shown]


def _originals(rows: Iterable[tuple[Segment, dict[str, Any]]], wanted: set[Cell], folder: Path) -> Iterator[Original]:
    """The media of the wanted cells, written into `folder`."""
    for segment, row in rows:
        for name in (column for record_id, column in wanted if record_id == row[RECORD_ID]):
            path = folder / f"{len(list(folder.iterdir()))}.media"
            path.write_bytes(row[name]["bytes"] or b"")
            yield Original(path, segment.contribution_id, row[RECORD_ID], name)


def _heads_with(shards: Sequence[ShardBuild], records: set[str]) -> Iterator[tuple[Segment, int]]:
    """The segments that the preview took these records from, and how many of their first rows it took."""
    for shard in shards:
        at = 0
        for segment in map(Segment.from_json, shard.segments):
            taken = min(segment.rows, PREVIEW_ROWS)
            if records.intersection(record[RECORD_ID] for record in shard.preview[at : at + taken]):
                yield segment, taken
            at += taken


def _first(batches: Iterable[pa.RecordBatch], count: int) -> Iterator[dict[str, Any]]:
    for batch in batches:
        yield from batch.slice(0, count).to_pylist()
        count -= batch.num_rows
        if count <= 0:
            return


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
