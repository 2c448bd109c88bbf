"""A few texts of a column, the same ones however its rows come in batches."""

from collections.abc import Iterator

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ingestion.pipeline.checks.places import Places
from ingestion.pipeline.checks.seen import Seen, Texts

SHORTEST_CHARACTERS = 20
READ_BYTES = 200
# The longest that a text of fewer than SHORTEST_CHARACTERS can be.
SHORT_BYTES = 4 * SHORTEST_CHARACTERS


class Sample:
    """Texts of rows 1, 1 + `step`, 1 + 2 × `step`, …; the step doubles until there are at most `most`."""

    def __init__(self, most: int) -> None:
        self.most, self.step = most, 1
        self._kept: dict[int, str] = {}

    def see(self, seen: Seen, texts: Texts) -> None:
        """Of a row with several texts, the first that is long enough."""
        long_enough = _long_enough(texts, self._in_step(texts.parents + seen.first_row))
        rows, at = np.unique(texts.parents[long_enough] + seen.first_row, return_index=True)
        new = self._in_step(rows)
        while len(self._kept) + len(new) > self.most:
            self.step *= 2
            self._kept = {row: text for row, text in self._kept.items() if (row - 1) % self.step == 0}
            new = self._in_step(rows)
        for each in new.tolist():
            text = int(long_enough[at[each]])
            start = int(texts.bounds[text])
            self._kept[int(rows[each])] = texts.part(text, start, start + READ_BYTES).decode("utf-8", "ignore")

    def texts(self) -> Iterator[tuple[int, str]]:
        yield from sorted(self._kept.items())

    def _in_step(self, rows: Places) -> Places:
        return np.flatnonzero((rows - 1) % self.step == 0)


def _long_enough(texts: Texts, which: Places) -> Places:
    lengths = texts.lengths[which]
    long = lengths >= SHORT_BYTES
    unsure = np.flatnonzero((lengths >= SHORTEST_CHARACTERS) & ~long)
    if len(unsure):
        characters = pc.utf8_length(texts.values.take(pa.array(which[unsure]))).to_numpy(zero_copy_only=False)
        long[unsure[characters >= SHORTEST_CHARACTERS]] = True
    return which[long]
