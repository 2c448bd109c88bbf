"""What lies under an array of strings, read without making Python values of it."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray


def characters(texts: pa.Array) -> NDArray[np.int64]:
    """Lengths in code points. Plain ASCII has as many as bytes, which is seen faster than counted."""
    offsets = offsets_of(texts)
    data = bytes_of(texts)[offsets[0] : offsets[-1]]
    if not data.size or data.view(np.int8).min() >= 0:
        return np.diff(offsets)
    return np.asarray(pc.utf8_length(texts)).astype(np.int64)


def offsets_of(texts: pa.Array) -> NDArray[np.int64]:
    """Where each text begins, and where the last one ends, in `bytes_of`."""
    wide = pa.types.is_large_string(texts.type) or pa.types.is_large_binary(texts.type)
    buffer = texts.buffers()[1]
    if len(texts) == 0 or buffer is None:
        return np.zeros(len(texts) + 1, np.int64)
    every = np.frombuffer(buffer, np.int64 if wide else np.int32)
    return every[texts.offset : texts.offset + len(texts) + 1].astype(np.int64)


def bytes_of(texts: pa.Array) -> NDArray[np.uint8]:
    buffer = texts.buffers()[2]
    return np.frombuffer(buffer, np.uint8) if buffer is not None else np.zeros(0, np.uint8)
