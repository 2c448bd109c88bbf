"""Sums without rounding, so that parts add up to the same total in any order."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

# Every double is a whole number of these: 2 ** -1074.
UNIT_BITS = 1074
MANTISSA_BITS = 53
LOW_BITS = 27
LARGEST_TEXT = 700
HIGHEST_EXPONENT = 2200


class ExactSum:
    """`units` times 2 ** -1074."""

    def __init__(self, units: int = 0) -> None:
        self.units = units

    def add_whole(self, number: int) -> None:
        self.units += number << UNIT_BITS

    def add_integers(self, values: NDArray[Any]) -> None:
        """Of 64 bits. Halves cannot overflow; a sum of the whole could."""
        self.add_whole((int((values >> 32).sum()) << 32) + int((values & 0xFFFFFFFF).sum()))

    def add_doubles(self, values: NDArray[np.float64]) -> None:
        """Finite values; at most 2 ** 26 of them at once."""
        if not values.size:
            return
        fractions, exponents = np.frexp(values)
        mantissas = np.ldexp(fractions, MANTISSA_BITS).astype(np.int64)
        lowest = int(exponents.min())
        places = exponents - lowest
        # Halves of 26 and 27 bits: their sums stay below 2 ** 53, where doubles are exact.
        high = np.bincount(places, weights=mantissas >> LOW_BITS)
        low = np.bincount(places, weights=mantissas & ((1 << LOW_BITS) - 1))
        for place in np.flatnonzero((high != 0) | (low != 0)).tolist():
            total = (int(high[place]) << LOW_BITS) + int(low[place])
            shift = lowest + place - MANTISSA_BITS + UNIT_BITS
            # Below zero only for the smallest doubles, whose mantissas end in zeros.
            self.units += total << shift if shift >= 0 else total >> -shift

    def add(self, other: "ExactSum") -> None:
        self.units += other.units

    def as_json(self) -> list[Any]:
        """[odd number as text, exponent of two]."""
        zeros = (self.units & -self.units).bit_length() - 1 if self.units else UNIT_BITS
        return [str(self.units >> zeros), zeros - UNIT_BITS]

    @classmethod
    def from_json(cls, data: object) -> "ExactSum":
        """Raises ValueError."""
        if not isinstance(data, list) or len(data) != 2:
            raise ValueError("not an exact sum")
        digits, exponent = data
        if not isinstance(digits, str) or len(digits) > LARGEST_TEXT or type(exponent) is not int:
            raise ValueError("not an exact sum")
        if not -UNIT_BITS <= exponent <= HIGHEST_EXPONENT:
            raise ValueError("not an exact sum")
        return cls(int(digits) << (exponent + UNIT_BITS))
