"""64-bit hashes of whole columns, the same on every machine, for counting different values."""

from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from ingestion.pipeline.statistics.texts import bytes_of, offsets_of

Hashes = NDArray[np.uint64]
# The finalizer of splitmix64 (Steele, Lea, Flood: Fast splittable pseudorandom number generators, 2014).
FIRST, SECOND, STEP = (np.uint64(each) for each in (0xBF58476D1CE4E5B9, 0x94D049BB133111EB, 0x9E3779B97F4A7C15))
WORD = 8
# Of a text of more bytes, so many words are looked at, spread over it: two texts are one if these and the length agree.
LONG = 128
SPREAD_WORDS = 8


def whole_hashes(values: NDArray[Any]) -> Hashes:
    return _mixed(values.astype(np.uint64, copy=False) + STEP)


def text_hashes(texts: pa.Array) -> Hashes:
    """Of an array of strings without nulls."""
    offsets, words = offsets_of(texts), _words(bytes_of(texts))
    begins, lengths = offsets[:-1], np.diff(offsets)
    hashes = _mixed(lengths.astype(np.uint64) + STEP)
    _mix_in_long(hashes, words, begins, lengths)
    _mix_in_middling(hashes, words, begins, lengths)
    short = np.flatnonzero((lengths < WORD) & (lengths > 0))
    hashes[short] = _mixed(hashes[short] * STEP ^ _short_words(words, begins[short], lengths[short]))
    return hashes


def _words(data: NDArray[np.uint8]) -> Hashes:
    """The eight bytes from every place on, as one number."""
    if data.size < WORD:
        data = np.concatenate([data, np.zeros(WORD - data.size, np.uint8)])
    return np.ndarray((data.size - WORD + 1,), "<u8", data, strides=(1,))


def _mix_in_long(hashes: Hashes, words: Hashes, begins: NDArray[np.int64], lengths: NDArray[np.int64]) -> None:
    rows = np.flatnonzero(lengths > LONG)
    if not rows.size:
        return
    mixed, at, last = hashes[rows], begins[rows], lengths[rows] - WORD
    step = last // (SPREAD_WORDS - 1)
    for number in range(SPREAD_WORDS - 1):
        mixed = _mixed(mixed * STEP ^ words[at + step * number])
    hashes[rows] = _mixed(mixed * STEP ^ words[at + last])


def _mix_in_middling(hashes: Hashes, words: Hashes, begins: NDArray[np.int64], lengths: NDArray[np.int64]) -> None:
    """Word after word; the last one ends with the text, and so overlaps the one before."""
    rows = np.flatnonzero((lengths >= WORD) & (lengths <= LONG))
    at = 0
    while rows.size:
        starts = begins[rows] + np.minimum(at, lengths[rows] - WORD)
        hashes[rows] = _mixed(hashes[rows] * STEP ^ words[starts])
        at += WORD
        rows = rows[lengths[rows] > at]


def _short_words(words: Hashes, begins: NDArray[np.int64], lengths: NDArray[np.int64]) -> Hashes:
    """Texts of one to seven bytes. Near the end of the data the word starts earlier and is shifted."""
    starts = np.minimum(begins, words.size - 1)
    shifted = words[starts] >> ((begins - starts) * 8).astype(np.uint64)
    masks = (np.uint64(1) << (lengths * 8).astype(np.uint64)) - np.uint64(1)
    mixed: Hashes = shifted & masks
    return mixed


def _mixed(values: Hashes) -> Hashes:
    values = (values ^ (values >> np.uint64(30))) * FIRST
    values = (values ^ (values >> np.uint64(27))) * SECOND
    return values ^ (values >> np.uint64(31))
