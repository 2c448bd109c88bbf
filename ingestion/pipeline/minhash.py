"""Band keys of many texts at once: MinHash of their shingles by rensa."""

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from rensa import RMinHash

from ingestion.domain.similarity import BAND_HASHES, BANDS, HASHES
from ingestion.pipeline.shingles import MULTIPLIERS, Words, mixed, runs

# Keys are compared across years: this number, and rensa's algorithm, may change only with every stored key.
SEED = 1


def band_keys(texts: pa.Array) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Of a column of texts: the rows that are long enough, and BANDS keys of 64 bits for each of them."""
    rows, keys = [np.zeros(0, np.int64)], [np.zeros((0, BANDS), np.int64)]
    for run in runs(texts):
        matrix = RMinHash.digest_matrix_from_flat_token_hashes(run.hashes, run.begins.tolist(), HASHES, SEED)
        rows.append(run.rows)
        keys.append(_banded(np.array(matrix.to_rows(), np.uint64)))
    return np.concatenate(rows), np.concatenate(keys)


def _banded(signatures: Words) -> NDArray[np.int64]:
    """One key for each band, in which the number of the band takes part."""
    bands = signatures.reshape(-1, BANDS, BAND_HASHES)
    keys = np.broadcast_to(np.arange(1, BANDS + 1, dtype=np.uint64), bands.shape[:2])
    for number in range(BAND_HASHES):
        keys = mixed(keys * MULTIPLIERS[0] + bands[:, :, number])
    return keys.view(np.int64)
