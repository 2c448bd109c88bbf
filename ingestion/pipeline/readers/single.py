"""A file that is one recording or one picture: one record."""

from collections.abc import Iterator

import pyarrow as pa

from ingestion.domain.kinds import AUDIO, Kind
from ingestion.domain.problems import broken
from ingestion.pipeline.decoding import decode
from ingestion.pipeline.limits import MEMBER_BYTES, MIB
from ingestion.pipeline.media import UnreadableMediaError, media_facts
from ingestion.pipeline.readers.base import Scan
from ingestion.pipeline.readers.media_columns import feature_of_facts
from ingestion.pipeline.schema import MEDIA, with_feature
from ingestion.pipeline.sniff import refuse_hidden

FILE_NAME = "file_name"


class SingleReader:
    def __init__(self, scan: Scan, kind: Kind) -> None:
        self.scan = scan
        self.column = "audio" if kind in AUDIO else "image"

    def schema(self) -> pa.Schema:
        data = self._data()
        refuse_hidden(data, self._name)
        try:
            facts = media_facts(data)
            decode(data, facts, self.scan.looker, row=1, column=self.column)
        except UnreadableMediaError as error:
            raise broken(
                "unreadable_media",
                f"The recording or picture cannot be read: {error}.",
                "Export it again and replace the file.",
            ) from error
        field = with_feature(pa.field(self.column, MEDIA), feature_of_facts(facts))
        return pa.schema([field, pa.field(FILE_NAME, pa.string())])

    def batches(self, schema: pa.Schema) -> Iterator[pa.RecordBatch]:
        media = pa.array([{"bytes": self._data(), "path": self._name}], MEDIA)
        yield pa.record_batch([media, pa.array([self._name])], schema=schema)

    @property
    def _name(self) -> str:
        return self.scan.name or self.scan.path.name

    def _data(self) -> bytes:
        if self.scan.path.stat().st_size > MEMBER_BYTES:
            raise broken(
                "member_too_large",
                f"The recording or picture is larger than {MEMBER_BYTES // MIB} MiB.",
                "Split it into smaller ones.",
            )
        return self.scan.path.read_bytes()
