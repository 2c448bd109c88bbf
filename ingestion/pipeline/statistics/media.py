"""Recordings and pictures, as their headers tell of them."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ingestion.pipeline.media import AudioFacts, UnreadableMediaError, media_facts
from ingestion.pipeline.statistics.numbers import Numbers
from ingestion.pipeline.statistics.parsing import Totals, count_of, counts_of, object_of

MOST_RATES = 100
MEASURES = ("milliseconds", "width", "height")


class Media:
    def __init__(self) -> None:
        self.bytes = self.unreadable = 0
        # Frames per sampling rate, not seconds: whole numbers add up to the same total in any order.
        self.frames: dict[str, int] = {}
        self.measures = {name: Numbers(whole=True) for name in MEASURES}

    def see(self, values: pa.Array) -> None:
        """Without nulls. One at a time: a batch of recordings is large, and only headers are read."""
        contents = values.field("bytes")
        self.bytes += pc.sum(pc.binary_length(contents)).as_py() or 0
        found: dict[str, list[int]] = {name: [] for name in MEASURES}
        for content in contents:
            self._see_one(content.as_py() or b"", found)
        for name, numbers in found.items():
            if numbers:
                self.measures[name].see_numbers(np.array(numbers, np.int64))

    def add(self, other: "Media") -> None:
        self.bytes, self.unreadable = self.bytes + other.bytes, self.unreadable + other.unreadable
        for rate, frames in other.frames.items():
            self.frames[rate] = self.frames.get(rate, 0) + frames
        for name, numbers in self.measures.items():
            numbers.add(other.measures[name])

    def as_json(self) -> Totals:
        measured = {name: told for name, numbers in self.measures.items() if (told := numbers.as_json())["finite"]}
        return {"bytes": self.bytes, "unreadable": self.unreadable, "frames": self.frames, **measured}

    @classmethod
    def from_json(cls, data: Totals) -> "Media":
        """Raises ValueError."""
        made = cls()
        made.bytes, made.unreadable = count_of(data, "bytes"), count_of(data, "unreadable")
        made.frames = counts_of(data, "frames", MOST_RATES)
        if not all(rate.isascii() and rate.isdecimal() and int(rate[:12]) > 0 for rate in made.frames):
            raise ValueError("not a sampling rate")
        made.measures |= {name: Numbers.from_json(object_of(data, name)) for name in MEASURES if name in data}
        return made

    def shown(self) -> Totals:
        told: Totals = {"bytes": self.bytes, **({"unreadable": self.unreadable} if self.unreadable else {})}
        for name, numbers in self.measures.items():
            told |= numbers.shown(name)
        if self.frames:
            told["seconds"] = round(sum(count / int(rate) for rate, count in sorted(self.frames.items())), 3)
            told["sampling_rates"] = sorted(int(rate) for rate in self.frames)
        return told

    def _see_one(self, content: bytes, found: dict[str, list[int]]) -> None:
        try:
            facts = media_facts(content)
        except UnreadableMediaError:
            self.unreadable += 1
            return
        if isinstance(facts, AudioFacts):
            rate = str(facts.sampling_rate)
            self.frames[rate] = self.frames.get(rate, 0) + facts.frames
            found["milliseconds"].append(round(facts.seconds * 1000))
        else:
            found["width"].append(facts.width)
            found["height"].append(facts.height)
