"""Giving money back in steps, so that any series of refunds that reaches the whole leaves exactly nothing."""

from collections.abc import Mapping
from dataclasses import dataclass

from payments.domain.shares import cumulative_step


def refund_step(
    parts: Mapping[str, int], done: Mapping[str, int], gross: int, total_after: int, *, step: int = 1
) -> dict[str, int]:
    """What each part gives back now, when the refunds of a sale reach `total_after` of its `gross`.

    `parts` are the sale's (tax, fee, pool), `done` what each has given back before. No part gives back more than it
    got. Raises ValueError when the parts are not the gross or the refunds shrink or pass it.
    """
    before = sum(done.values())
    if sum(parts.values()) != gross or not before <= total_after <= gross:
        raise ValueError(f"refunds of {before} cannot become {total_after} of {gross}")
    return cumulative_step(total_after, parts, done, step=step)


@dataclass(frozen=True)
class Removed:
    """`now` of `whole` records are gone; `before` of them when money was last given back for it.

    What was bought for `days` lacks them for the `days_left`.
    """

    now: int
    whole: int
    before: int = 0
    days_left: int = 1
    days: int = 1


def removal_refund(total: int, gone: Removed, *, given: int = 0, refunded: int = 0, step: int = 1) -> int:
    """What is due now for records that were taken out of something that cost `total`.

    `given` was given back for such records already, `refunded` for anything, `given` included. The share is one of
    what is still paid: `total` without the other refunds. Rounded down to `step`; never more than the share of what
    is left. Raises ValueError if that is not a part of the whole.
    """
    in_time = 0 <= gone.days_left <= gone.days != 0
    if not (in_time and 0 <= gone.before <= gone.now <= gone.whole and 0 <= given <= refunded <= total):
        raise ValueError(f"{gone} and {given} of {refunded} of {total} do not fit together")
    if gone.whole == 0:
        return 0

    def share(minor: int, records: int) -> int:
        part = minor * records * gone.days_left // (gone.whole * gone.days)
        return part - part % step

    paid = total - (refunded - given)
    return min(share(paid, gone.now) - share(paid, gone.before), share(total - refunded, gone.now))
