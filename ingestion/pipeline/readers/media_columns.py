"""Columns of `{bytes, path}` in files that bring their own types: media if their bytes are, decided row by row."""

from typing import Any

import pyarrow as pa

from ingestion.domain.problems import Problem
from ingestion.pipeline.decoding import decode
from ingestion.pipeline.media import AudioFacts, ImageFacts, UnreadableMediaError, media_facts
from ingestion.pipeline.readers.base import Scan
from ingestion.pipeline.schema import MEDIA, feature_of, is_media, merged_fields, with_feature
from ingestion.pipeline.sniff import refuse_hidden

Facts = AudioFacts | ImageFacts


class MediaColumns:
    """Looks at every recording and picture of a file once, and remembers what its columns are."""

    def __init__(self, scan: Scan, fields: dict[str, pa.Field]) -> None:
        """`fields` are given the features that are found."""
        self.scan, self.fields = scan, fields
        self.names = [name for name, field in fields.items() if field.type.equals(MEDIA)]
        self.rows = 0
        # The first bytes that are no media, by column: a problem only once others of the column are.
        self.others: dict[str, tuple[int, UnreadableMediaError]] = {}

    def see(self, batch: pa.RecordBatch) -> None:
        for name in self.names:
            for number, value in enumerate(batch.column(name), start=self.rows + 1):
                data = value["bytes"].as_py() if value.is_valid else None
                if data:
                    self._see(name, data, number)
        self.rows += batch.num_rows

    def _see(self, name: str, data: bytes, row: int) -> None:
        try:
            facts = media_facts(data)
        except UnreadableMediaError as error:
            if is_media(self.fields[name]):
                self._tell(name, row, error)
            self.others.setdefault(name, (row, error))
            return
        if name in self.others and not is_media(self.fields[name]):
            self._tell(name, *self.others[name])
        self.fields[name] = _with_facts(self.fields[name], facts)
        refuse_hidden(data, f"{name}, row {row}")
        try:
            decode(data, facts, self.scan.looker, row=row, column=name)
        except UnreadableMediaError as error:
            self._tell(name, row, error)

    def _tell(self, name: str, row: int, error: UnreadableMediaError) -> None:
        what = f"In row {row} the recording or picture in “{name[:100]}” cannot be read: {error}."
        self.scan.problems.add(
            Problem("unreadable_media", what, "Export it again, or take the row out.", row=row, column=name[:100])
        )


def feature_of_facts(facts: Facts) -> dict[str, Any]:
    if isinstance(facts, AudioFacts):
        return {"_type": "Audio", "sampling_rate": facts.sampling_rate}
    return {"_type": "Image"}


def _with_facts(field: pa.Field, facts: Facts) -> pa.Field:
    found = with_feature(field, feature_of_facts(facts))
    if not is_media(field) or feature_of(field)["_type"] != feature_of(found)["_type"]:
        return found if not is_media(field) else field
    return merged_fields(field, found)
