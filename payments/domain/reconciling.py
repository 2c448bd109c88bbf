"""Comparing what the ledger and the rail say of one thing."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Moved:
    """Minor units: what came in (negative: went out), before `fee_minor`, which the rail kept of it."""

    amount_minor: int = 0
    fee_minor: int = 0

    @property
    def net_minor(self) -> int:
        return self.amount_minor - self.fee_minor

    def __add__(self, other: "Moved") -> "Moved":
        return Moved(self.amount_minor + other.amount_minor, self.fee_minor + other.fee_minor)


NOTHING = Moved()


def differences(ledger: Moved | None, rail: Moved | None) -> list[str]:
    """What is wrong, in words of `ReconDiff.KINDS`; None: that side has never heard of it.

    A refund that failed before the ledger knew of it moved nothing in the end, and is no difference.
    """
    if (ledger or NOTHING) == (rail or NOTHING):
        return []
    if ledger is None:
        return ["missing_in_ledger"]
    if rail is None:
        return ["missing_on_rail"]
    wrong = {
        "amount_differs": ledger.amount_minor != rail.amount_minor,
        "fee_differs": ledger.fee_minor != rail.fee_minor,
    }
    return [kind for kind, holds in wrong.items() if holds]
