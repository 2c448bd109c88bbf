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
