"""Recordings and pictures that decode and still are of little use. The decoder feeds it, so decoding happens once."""

import hashlib
from collections.abc import Iterable
from typing import Any, ClassVar

import numpy as np
from PIL.Image import Image

from ingestion.domain.findings import MOST_ROWS, Finding, Severity
from ingestion.pipeline.checks.base import Tally
from ingestion.pipeline.media import AudioFacts, ImageFacts

# −60 dBFS, and how much of a recording must be below it to call it silent.
SILENT_LEVEL, SILENT_SHARE = 10 ** (-60 / 20), 0.999
# A sample at full scale; 16-bit sound reaches 32767/32768 only.
FULL_SCALE, CLIPPED_SHARE = 0.9999, 0.001
SHORTEST_SECONDS = 0.1
TINY_PIXELS = 32

Block = np.ndarray[Any, np.dtype[np.float32]]


class MediaChecks:
    """Of one piece. `row` counts from 1."""

    name: ClassVar[str] = "media"
    codes: ClassVar[dict[str, Severity]] = {
        "silent": "warning",
        "clipped": "warning",
        "very_short": "warning",
        "mixed_rates": "note",
        "tiny_image": "warning",
        "one_color": "warning",
        "identical_media": "warning",
    }

    def __init__(self) -> None:
        self._tally = Tally()
        # Digests of the bytes; a collision would take 2^64 recordings.
        self._known: set[tuple[str, bytes]] = set()
        self._rates: dict[str, dict[int, list[int]]] = {}

    def see_audio(self, *, row: int, column: str, facts: AudioFacts, data: bytes, blocks: Iterable[Block]) -> None:
        """`blocks` are samples from −1 to 1, read once to the end. What they raise passes; then nothing is counted."""
        samples = quiet = full = 0
        for block in blocks:
            level = np.abs(block)
            samples += level.size
            quiet += int(np.count_nonzero(level < SILENT_LEVEL))
            full += int(np.count_nonzero(level >= FULL_SCALE))
        self._add("silent", row, column, quiet >= samples * SILENT_SHARE)
        self._add("clipped", row, column, full > samples * CLIPPED_SHARE)
        self._add("very_short", row, column, facts.seconds < SHORTEST_SECONDS)
        self._rates.setdefault(column, {}).setdefault(facts.sampling_rate, []).append(row)
        self._compare(row, column, data)

    def see_image(self, *, row: int, column: str, facts: ImageFacts, data: bytes, picture: Image) -> None:
        """`picture` is loaded."""
        self._add("tiny_image", row, column, min(facts.width, facts.height) < TINY_PIXELS)
        self._add("one_color", row, column, _has_one_color(picture))
        self._compare(row, column, data)

    def findings(self) -> list[Finding]:
        found = self._tally.findings(type(self))
        return found + [each for column, rates in self._rates.items() for each in _mixed(column, rates)]

    def _add(self, code: str, row: int, column: str, holds: bool) -> None:  # noqa: FBT001 - the answer to the code's question
        if holds:
            self._tally.add(code, column, [row])

    def _compare(self, row: int, column: str, data: bytes) -> None:
        """The first of equal ones is not counted: one of them is worth having."""
        digest = (column, hashlib.sha256(data).digest()[:16])
        self._add("identical_media", row, column, digest in self._known)
        self._known.add(digest)


def _mixed(column: str, rates: dict[int, list[int]]) -> list[Finding]:
    """Recordings whose sampling rate is not the most frequent one."""
    usual = max(rates, key=lambda rate: (len(rates[rate]), rate))
    rows = sorted(row for rate, rows in rates.items() if rate != usual for row in rows)
    severity = MediaChecks.codes["mixed_rates"]
    return (
        [Finding(MediaChecks.name, "mixed_rates", severity, column, len(rows), tuple(rows[:MOST_ROWS]))] if rows else []
    )


def _has_one_color(picture: Image) -> bool:
    # Entries of a palette may differ and look the same.
    bands = (picture.convert("RGBA") if picture.mode == "P" else picture).getextrema()
    pairs = bands if isinstance(bands[0], tuple) else (bands,)
    return all(low == high for low, high in pairs)
