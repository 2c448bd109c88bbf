"""What becomes of a sale whose rail changed the money into another currency before it arrived.

A rail settles in multiples of what its currency can charge; ValueError where it did not.
"""

from collections.abc import Mapping

from payments.domain.shares import largest_remainder


def booked_parts(parts: Mapping[str, int], booked: int, step: int) -> dict[str, int]:
    """`parts` of what the buyer paid, as parts of the `booked` amount; the same where nothing was changed."""
    return dict(parts) if booked == sum(parts.values()) else largest_remainder(booked, parts, step=step)


def booked_after(total: int, booked: int, returned: int, step: int) -> int:
    """How much of the booked amount has gone back when `returned` of the `total` has; all of it with the whole."""
    part = booked * returned // total
    return part if booked == total else part - part % step
