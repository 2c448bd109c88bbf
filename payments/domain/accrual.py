"""Dividing what a period earned when those who share it change before it is over: by day, then by weight."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Generic

from payments.domain.shares import Key, largest_remainder


@dataclass(frozen=True)
class Stage(Generic[Key]):
    """Who shares, and by what weight, from `first_day` (counted from 0) until the next stage."""

    first_day: int
    weights: Mapping[Key, int]


def split_by_days(total: int, days: int, stages: Sequence[Stage[Key]], *, step: int = 1) -> dict[Key, int]:
    """Parts of `total`, in multiples of `step`, that sum to it exactly; who left has a share of their days alone.

    `total` goes to the stages by their days, and each stage's part to its people by weight, both by largest remainder.
    A stage in which nobody is left earns nothing: its days count for nobody. The order of stages and of weights does
    not matter. One stage over the whole period is the ordinary split. Raises ValueError where nobody ever shares, for
    a stage outside of the period, two on one day, or none on the first.
    """
    ordered = sorted(stages, key=lambda stage: stage.first_day)
    starts = [stage.first_day for stage in ordered]
    if starts[:1] != [0] or len(set(starts)) != len(starts) or starts[-1] >= days:
        raise ValueError(f"stages from the days {starts} do not divide {days} days")
    lengths = [end - start for start, end in zip(starts, [*starts[1:], days], strict=True)]
    shared = {place: length for place, length in enumerate(lengths) if sum(ordered[place].weights.values()) > 0}
    parts: dict[Key, int] = {key: 0 for stage in ordered for key in stage.weights}
    for place, portion in largest_remainder(total, shared, step=step).items():
        for key, part in largest_remainder(portion, ordered[place].weights, step=step).items():
            parts[key] += part
    return parts
