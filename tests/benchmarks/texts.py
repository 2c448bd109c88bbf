"""Seeded texts in several scripts: words whose frequencies fall as those of real texts do, a million at a time."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np

SENTENCES = Path(__file__).parents[2] / "collective/sample/data/sentences"
WORDS = 10_000
DRAWS = 1 << 20
FEWEST, MOST = 40, 420
SENTENCE_ENDS_EVERY = 9
WITHOUT_SPACES = ("zh-Hans",)


class Texts:
    """Endless texts of one language: the words of the sample sentences, and words put together from their halves."""

    def __init__(self, language: str, chance: np.random.Generator) -> None:
        self.language, self.chance = language, chance
        self.between = "" if language in WITHOUT_SPACES else " "
        self._words = np.array(_vocabulary(language, chance), dtype=object)
        # A table that holds each word as often as its rank deserves: one random number then chooses one word.
        shares = 1 / (np.arange(len(self._words)) + 2.7)
        ends = np.round(np.cumsum(shares) / shares.sum() * DRAWS).astype(np.int64)
        self._table = np.searchsorted(ends, np.arange(DRAWS), side="right").astype(np.int32)
        self._texts = self._endless()

    def __next__(self) -> str:
        return next(self._texts)

    def _endless(self) -> Iterator[str]:
        while True:
            drawn = self._words[self._table[self.chance.integers(0, DRAWS, DRAWS)]].tolist()
            first = 0
            while first + MOST <= DRAWS:
                count = int(self.chance.integers(FEWEST, MOST))
                yield self.between.join(drawn[first : first + count])
                first += count


def all_texts(chance: np.random.Generator) -> list[Texts]:
    return [Texts(path.stem, chance) for path in sorted(SENTENCES.glob("*.txt"))]


def _vocabulary(language: str, chance: np.random.Generator) -> list[str]:
    """Frequent words first. Every few words one ends a sentence."""
    text = (SENTENCES / f"{language}.txt").read_text(encoding="utf-8")
    known = sorted({char for char in text if char.isalpha()} if language in WITHOUT_SPACES else set(text.split()))
    heads = [word[: (len(word) + 1) // 2] for word in known]
    tails = [word[len(word) // 2 :] for word in known]
    halves = chance.integers(len(known), size=(WORDS - len(known), 2)).tolist()
    words = [*known, *(heads[first] + tails[second] for first, second in halves)]
    stop = "。" if language in WITHOUT_SPACES else "."
    return [f"{word}{stop}" if rank % SENTENCE_ENDS_EVERY == 0 else word for rank, word in enumerate(words)]
