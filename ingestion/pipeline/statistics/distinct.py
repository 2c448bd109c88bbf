"""How many different values: HyperLogLog (Flajolet and others, 2007) in one kilobyte, within about 3 %."""

import math

import numpy as np
from numpy.typing import NDArray

from ingestion.pipeline.statistics.hashing import Hashes

REGISTER_BITS = 10
REGISTERS = 1 << REGISTER_BITS
# Standard deviation of the estimate: 1.04 / sqrt(registers).
ERROR = 0.033
ALPHA = 0.7213 / (1 + 1.079 / REGISTERS)
RANK_BITS = 53
# One printable character per register, from "0" on, without the two that JSON escapes.
CHARACTERS = bytes(code for code in range(48, 127) if code != ord("\\"))


class Distinct:
    def __init__(self, registers: NDArray[np.uint8] | None = None) -> None:
        self.registers = registers if registers is not None else np.zeros(REGISTERS, np.uint8)

    def see(self, hashes: Hashes) -> None:
        places = (hashes >> np.uint64(64 - REGISTER_BITS)).astype(np.int64)
        rest = (hashes & np.uint64((1 << RANK_BITS) - 1)).astype(np.float64)
        # The exponent of a double counts the leading zeros; all zeros have the exponent -1023.
        highest = np.maximum((rest.view(np.int64) >> 52) - 1023, -1)
        ranks = (RANK_BITS - highest).astype(np.uint8)
        np.maximum.at(self.registers, places, ranks)

    def add(self, other: "Distinct") -> None:
        self.registers = np.maximum(self.registers, other.registers)

    def estimate(self) -> int:
        raw = ALPHA * REGISTERS**2 / float(np.exp2(-self.registers.astype(np.float64)).sum())
        empty = REGISTERS - int(np.count_nonzero(self.registers))
        if raw <= 2.5 * REGISTERS and empty:
            return round(REGISTERS * math.log(REGISTERS / empty))
        return round(raw)

    def as_json(self) -> str:
        return bytes(CHARACTERS[rank] for rank in self.registers.tolist()).decode()

    @classmethod
    def from_json(cls, data: object) -> "Distinct":
        """Raises ValueError."""
        if not isinstance(data, str) or len(data) != REGISTERS:
            raise ValueError("not registers")
        ranks = [CHARACTERS.find(code) for code in data.encode("ascii", "replace")]
        if not 0 <= min(ranks) <= max(ranks) <= RANK_BITS + 1:
            raise ValueError("not registers")
        return cls(np.array(ranks, np.uint8))
