"""A data file as it is written, in the child or while sharding: Parquet, beside it its record list, and what it holds.

What the child writes is a shard already: a version takes it over as it is when its schema is the version's.
"""

import json
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import pyarrow as pa

from ingestion.pipeline.parquet import GroupedWriter
from ingestion.pipeline.preview import preview_of
from ingestion.pipeline.records import entries, record_hashes
from ingestion.pipeline.schema import RECORD_ID, features_in, hub_features, media_columns
from ingestion.pipeline.statistics import StatisticsCounter

PREVIEW_ROWS = 5


class DataFileWriter:
    """Takes batches in the columns of `schema`, which begins with `record_id`."""

    def __init__(self, path: Path, schema: pa.Schema) -> None:
        self.schema = schema
        self.records_path = path.with_suffix(".records")
        self.preview: list[dict[str, Any]] = []
        self._target = published_schema(schema)
        self.statistics = StatisticsCounter(pa.schema([field for field in schema if field.name != RECORD_ID]))
        self._parquet = GroupedWriter(path, self._target, media=media_columns(schema))
        self._records = self.records_path.open("wb")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._parquet.__exit__(kind, error, trace)
        self._records.close()

    @property
    def rows(self) -> int:
        return self._parquet.rows

    @property
    def groups(self) -> int:
        return self._parquet.groups

    @property
    def written_bytes(self) -> int:
        return self._parquet.written_bytes

    def write(self, batch: pa.RecordBatch, ids: bytes) -> list[bytes]:
        """`ids` are those of the column `record_id`. Returns the hashes of the records."""
        hashes = record_hashes(batch)
        self._records.write(entries(ids, hashes))
        self.statistics.see(batch)
        self._parquet.write(pa.record_batch(batch.columns, schema=self._target))
        return hashes

    def show(self, batch: pa.RecordBatch, count: int) -> None:
        """Take the first `count` rows into the preview."""
        self.preview += preview_of(batch.slice(0, count).to_pylist(), self.schema)


def published_schema(schema: pa.Schema) -> pa.Schema:
    """The schema as it stands in the files: Hugging Face features in the metadata, nothing else of ours."""
    features = {"info": {"features": hub_features(schema)}}
    plain = [field.remove_metadata() for field in schema]
    return pa.schema(plain, {"huggingface": json.dumps(features, ensure_ascii=False)})


def schema_of_file(schema: pa.Schema) -> pa.Schema:
    """The inverse of `published_schema`. Raises ValueError."""
    told = json.loads((schema.metadata or {}).get(b"huggingface", b"null"))
    try:
        return features_in(schema.remove_metadata(), told["info"]["features"])
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError("the file does not name its features") from error
