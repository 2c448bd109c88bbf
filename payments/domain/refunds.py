"""Giving money back in steps, so that any series of refunds that reaches the whole leaves exactly nothing."""

from collections.abc import Mapping

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


def removal_refund(total: int, removed: int, whole: int, *, before: int = 0, refunded: int = 0, step: int = 1) -> int:
    """What is due now for `removed` of `whole` records that were taken out of something that cost `total`.

    `before` was given back for such records already, `refunded` for anything, `before` included. Rounded down to
    `step`; never more than what is left of `total`. Raises ValueError if that is not a part of the whole.
    """
    if not 0 <= removed <= whole or not 0 <= before <= refunded <= total:
        raise ValueError(f"{removed} of {whole} records and {before} of {refunded} of {total} do not fit together")
    target = total * removed // whole if whole else 0
    return max(0, min(target - target % step - before, total - refunded))
