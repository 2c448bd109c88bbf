"""Shingles of many texts at once: folded by a table, hashed as columns of numbers."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from ingestion.domain.similarity import FOLDED, LEAST_CHARACTERS, MOST_CHARACTERS, SHINGLE, fold_character

Words = NDArray[np.uint64]
Places = NDArray[np.int64]
# Keys are compared across years: these numbers may change only with every stored key.
MULTIPLIERS = np.array(
    [0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9, 0xD6E8FEB86659FD93, 0xFF51AFD7ED558CCD], np.uint64
)
MIXER = np.uint64(0xBF58476D1CE4E5B9)
# Texts are looked at in runs of about this many characters: some fifty bytes of memory for each.
RUN_CHARACTERS = 300_000


@dataclass(frozen=True)
class Run:
    """`hashes[begins[i]:begins[i + 1]]` are the shingles of the text in row `rows[i]`, repeated ones too."""

    rows: Places
    hashes: Words
    begins: Places


def runs(texts: pa.Array) -> Iterator[Run]:
    """Of a column of texts, those that are long enough."""
    cut = pc.utf8_slice_codeunits(pc.fill_null(texts, ""), 0, MOST_CHARACTERS)
    lengths = pc.utf8_length(cut).to_numpy(zero_copy_only=False).astype(np.int64)
    ends = np.cumsum(lengths)
    at = 0
    while at < len(cut):
        taken = max(1, int(np.searchsorted(ends, (ends[at - 1] if at else 0) + RUN_CHARACTERS, "right")) - at)
        run = _run(cut.slice(at, taken), lengths[at : at + taken], at)
        if len(run.rows):
            yield run
        at += taken


def shingle_sets(texts: pa.Array) -> dict[int, Words]:
    """By row, for texts that are long enough: every shingle once, ascending.

    Different shingles have different hashes, but for one pair in 2⁶⁴.
    """
    return {
        row: np.unique(run.hashes[begin:end])
        for run in runs(texts)
        for row, begin, end in zip(run.rows.tolist(), run.begins[:-1], run.begins[1:], strict=True)
    }


def mixed(words: Words) -> Words:
    words = (words ^ (words >> np.uint64(29))) * MIXER
    return words ^ (words >> np.uint64(32))


def _run(texts: pa.Array, lengths: Places, first_row: int) -> Run:
    characters = _fold_table()[np.frombuffer("".join(texts.to_pylist()).encode("utf-32-le"), np.uint32)]
    # How many folded characters there are before each text.
    kept = np.concatenate([[0], np.cumsum(characters != 0)])
    bounds = kept[np.concatenate([[0], np.cumsum(lengths)])]
    rows = np.flatnonzero(np.diff(bounds) >= LEAST_CHARACTERS)
    if not len(rows):
        return Run(rows, np.zeros(0, np.uint64), np.zeros(1, np.int64))
    return Run(
        rows + first_row, *_hashed(characters[characters != 0].astype(np.uint64), bounds[rows], bounds[rows + 1])
    )


def _hashed(characters: Words, begins: Places, ends: Places) -> tuple[Words, Places]:
    """Hashes of all shingles within texts, one text after another, and where each text's begin and the last ends."""
    count = len(characters) - SHINGLE + 1
    hashes = np.zeros(count, np.uint64)
    for place, multiplier in enumerate(MULTIPLIERS):
        hashes += characters[place : place + count] * multiplier
    counts = ends - begins - SHINGLE + 1
    inside = np.zeros(len(characters) + 1, np.int8)
    inside[begins] += 1
    inside[begins + counts] -= 1
    chosen = np.cumsum(inside[:count], dtype=np.int8) > 0
    return mixed(hashes[chosen]), np.concatenate([[0], np.cumsum(counts)])


@cache
def _fold_table() -> NDArray[Any]:
    """What each character is folded to; 0: nothing."""
    table = np.arange(0x110000, dtype=np.uint32)
    for code in range(FOLDED):
        plain = "" if 0xD800 <= code < 0xE000 else fold_character(chr(code))
        table[code] = ord(plain) if plain else 0
    return table
