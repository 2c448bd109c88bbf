"""Seeded texts in several scripts. Frequencies of words fall as in real texts, and phrases come back as they do there:
zstd 1 leaves 40 % of them, as it does of an encyclopedia."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np

SENTENCES = Path(__file__).parents[2] / "collective/sample/data/sentences"
WORDS, PHRASES = 10_000, 2000
DRAWS = 1 << 20
SHORTEST, LONGEST = 2, 7
SINGLES_PER_PHRASE = 2
FEWEST, MOST = 20, 190
SENTENCE_ENDS_EVERY = 9
LANGUAGES = ("en", "sw", "ar", "hi", "zh-Hans")
WITHOUT_SPACES = ("zh-Hans",)


class Texts:
    """Endless texts of one language: the words of the sample sentences, and words put together from their halves."""

    def __init__(self, language: str, chance: np.random.Generator) -> None:
        self.language, self.chance = language, chance
        self.between = "" if language in WITHOUT_SPACES else " "
        words = _vocabulary(language, chance)
        # A table that holds each word as often as its rank deserves: one random number then chooses one word.
        shares = 1 / (np.arange(WORDS) + 2.7)
        ends = np.round(np.cumsum(shares) / shares.sum() * DRAWS).astype(np.int64)
        singles = np.searchsorted(ends, np.arange(DRAWS), side="right")
        lengths = chance.integers(SHORTEST, LONGEST, PHRASES).tolist()
        drawn = iter(singles[chance.integers(0, DRAWS, LONGEST * PHRASES)].tolist())
        phrases = [self.between.join(words[next(drawn)] for _ in range(length)) for length in lengths]
        self._phrases = np.array([*words, *phrases], dtype=object)
        self._table = np.concatenate([singles, WORDS + chance.integers(0, PHRASES, DRAWS // SINGLES_PER_PHRASE)])
        self._texts = self._endless()

    def __next__(self) -> str:
        return next(self._texts)

    def _endless(self) -> Iterator[str]:
        while True:
            drawn = self._phrases[self._table[self.chance.integers(0, len(self._table), DRAWS)]].tolist()
            first = 0
            while first + MOST <= DRAWS:
                count = int(self.chance.integers(FEWEST, MOST))
                yield self.between.join(drawn[first : first + count])
                first += count


def all_texts(chance: np.random.Generator) -> list[Texts]:
    return [Texts(language, chance) for language in LANGUAGES]


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
