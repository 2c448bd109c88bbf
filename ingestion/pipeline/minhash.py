"""Band keys of many texts at once: folded by a table, shingles hashed as columns of numbers, MinHash by rensa."""

from functools import cache
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray
from rensa import RMinHash

from ingestion.domain.similarity import (
    BAND_HASHES,
    BANDS,
    FOLDED,
    HASHES,
    LEAST_CHARACTERS,
    MOST_CHARACTERS,
    SHINGLE,
    fold_character,
)

Words = NDArray[np.uint64]
# Keys are compared across years: these numbers, and rensa's algorithm, may change only with every stored key.
SEED = 1
PLACES = np.array(
    [0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9, 0xD6E8FEB86659FD93, 0xFF51AFD7ED558CCD], np.uint64
)
MIXER = np.uint64(0xBF58476D1CE4E5B9)
# Texts are looked at in runs of about this many characters: some fifty bytes of memory for each.
RUN_CHARACTERS = 1_000_000


def band_keys(texts: pa.Array) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Of a column of texts: the rows that are long enough, and BANDS keys of 64 bits for each of them."""
    cut = pc.utf8_slice_codeunits(pc.fill_null(texts, ""), 0, MOST_CHARACTERS)
    lengths = pc.utf8_length(cut).to_numpy(zero_copy_only=False).astype(np.int64)
    ends = np.cumsum(lengths)
    rows, keys = [np.zeros(0, np.int64)], [np.zeros((0, BANDS), np.int64)]
    at = 0
    while at < len(cut):
        taken = max(1, int(np.searchsorted(ends, (ends[at - 1] if at else 0) + RUN_CHARACTERS, "right")) - at)
        found, signed = _run_keys(cut.slice(at, taken), lengths[at : at + taken])
        rows.append(found + at)
        keys.append(signed)
        at += taken
    return np.concatenate(rows), np.concatenate(keys)


def _run_keys(texts: pa.Array, lengths: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    characters = _fold_table()[np.frombuffer("".join(texts.to_pylist()).encode("utf-32-le"), np.uint32)]
    # How many folded characters there are before each text.
    kept = np.concatenate([[0], np.cumsum(characters != 0)])
    bounds = kept[np.concatenate([[0], np.cumsum(lengths)])]
    rows = np.flatnonzero(np.diff(bounds) >= LEAST_CHARACTERS)
    if not len(rows):
        return rows, np.zeros((0, BANDS), np.int64)
    hashes, begins = _shingle_hashes(characters[characters != 0].astype(np.uint64), bounds[rows], bounds[rows + 1])
    matrix = RMinHash.digest_matrix_from_flat_token_hashes(hashes, begins.tolist(), HASHES, SEED)
    return rows, _banded(np.array(matrix.to_rows(), np.uint64))


def _shingle_hashes(
    characters: Words, begins: NDArray[np.int64], ends: NDArray[np.int64]
) -> tuple[Words, NDArray[np.int64]]:
    """Hashes of all shingles within texts, one text after another, and where each text's begin and the last ends."""
    count = len(characters) - SHINGLE + 1
    hashes = np.zeros(count, np.uint64)
    for place, multiplier in enumerate(PLACES):
        hashes += characters[place : place + count] * multiplier
    counts = ends - begins - SHINGLE + 1
    inside = np.zeros(len(characters) + 1, np.int8)
    inside[begins] += 1
    inside[begins + counts] -= 1
    chosen = np.cumsum(inside[:count], dtype=np.int8) > 0
    return _mixed(hashes[chosen]), np.concatenate([[0], np.cumsum(counts)])


def _banded(signatures: Words) -> NDArray[np.int64]:
    """One key for each band, in which the number of the band takes part."""
    bands = signatures.reshape(-1, BANDS, BAND_HASHES)
    keys = np.broadcast_to(np.arange(1, BANDS + 1, dtype=np.uint64), bands.shape[:2])
    for number in range(BAND_HASHES):
        keys = _mixed(keys * PLACES[0] + bands[:, :, number])
    return keys.view(np.int64)


def _mixed(words: Words) -> Words:
    words = (words ^ (words >> np.uint64(29))) * MIXER
    return words ^ (words >> np.uint64(32))


@cache
def _fold_table() -> NDArray[Any]:
    """What each character is folded to; 0: nothing."""
    table = np.arange(0x110000, dtype=np.uint32)
    for code in range(FOLDED):
        plain = "" if 0xD800 <= code < 0xE000 else fold_character(chr(code))
        table[code] = ord(plain) if plain else 0
    return table
