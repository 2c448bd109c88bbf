"""How much of a licensed version was taken back since, and whether that lets the licensee out. Pure values."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

BPS = 10_000
# Where a license says nothing: above this share of the records the licensee may leave or ask money back.
THRESHOLD_BPS = 1_000
# Where a license says it: `legal.removal_threshold_bps`, in basis points.
TERM = "removal_threshold_bps"


@dataclass(frozen=True)
class RemovedShare:
    """`removed` of `whole` records of the version that was licensed."""

    removed: int
    whole: int
    threshold_bps: int

    @property
    def is_above(self) -> bool:
        """Strictly: the threshold itself is borne."""
        return self.removed * BPS > self.whole * self.threshold_bps

    @property
    def text(self) -> str:
        """Rounded down, as in `12.5 %`; the exact numbers stand beside it."""
        return percent_of(self.removed * BPS // self.whole if self.whole else 0)

    @property
    def threshold_text(self) -> str:
        return percent_of(self.threshold_bps)


def threshold_of(terms: Mapping[str, Any]) -> int:
    """Basis points."""
    stated = (terms.get("legal") or {}).get(TERM)
    return THRESHOLD_BPS if stated is None else int(stated)


def percent_of(bps: int) -> str:
    """`1250` → `12.5 %`."""
    whole, rest = divmod(bps, 100)
    return (f"{whole}.{rest:02}".rstrip("0") if rest else str(whole)) + " %"
