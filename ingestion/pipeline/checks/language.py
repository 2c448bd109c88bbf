"""Which languages the texts are written in, told from a sample that is spread evenly over the piece."""

from typing import ClassVar

import pyarrow as pa

from ingestion.domain.findings import Finding, Severity
from ingestion.pipeline.checks.base import Check, Tally
from ingestion.pipeline.checks.language_model import UNKNOWN, language_tag
from ingestion.pipeline.checks.sample import Sample
from ingestion.pipeline.checks.seen import Seen

MOST_TEXTS = 200
# A column among very many still gives enough texts to say something.
FEWEST_TEXTS = 10


class Language(Check):
    """Counts are of the sample, not of all rows. The codes are language tags, besides the one below."""

    name: ClassVar[str] = "language"
    codes: ClassVar[dict[str, Severity]] = {UNKNOWN: "note"}

    def __init__(self, schema: pa.Schema) -> None:
        self._samples: dict[str, Sample] = {}

    def see(self, seen: Seen) -> None:
        most = max(FEWEST_TEXTS, MOST_TEXTS // max(1, len(seen.texts)))
        for texts in seen.texts:
            self._samples.setdefault(texts.name, Sample(most)).see(seen, texts)

    def findings(self) -> list[Finding]:
        tally = Tally()
        for column, sample in self._samples.items():
            for row, text in sample.texts():
                tally.add(language_tag(text), column, [row])
        return tally.findings(Language)
