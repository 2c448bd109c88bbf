"""Dividing an amount by integer weights so that the parts add up to it, to the last minor unit.

Once for keys, and once for places in a row, which stands for keys in their order and takes a few bytes for each: a
pool is divided among a million payees.
"""

import heapq
from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

Key = TypeVar("Key", bound=Any)


def largest_remainder(total: int, weights: Mapping[Key, int], *, step: int = 1) -> dict[Key, int]:
    """Parts of `total`, in multiples of `step`, proportional to `weights`; they sum to `total` exactly.

    Everybody gets the floor of their quota; what is left goes out one step each by larger remainder, larger weight,
    smaller key, and never to a weight of zero. The order of `weights` does not matter. A negative total mirrors.
    Raises ValueError if `total` is no multiple of `step`, or if a weight is negative or all are zero.
    """
    keys = sorted(weights)
    return dict(zip(keys, largest_remainders(total, [weights[key] for key in keys], step=step), strict=True))


def cumulative_step(
    total_after: int, weights: Mapping[Key, int], done: Mapping[Key, int], *, step: int = 1
) -> dict[Key, int]:
    """What each key moves now, so that `done` plus the move follows the exact division of `total_after`.

    A target can dip by one step while the total grows (and the reverse), because remainders change places. Nobody
    moves against the direction of the total: such a move becomes zero, and the excess is taken back one step at a time
    from whoever moves most (then the larger weight, then the smaller key). The moves sum to `total_after − Σ done`.
    Raises ValueError as `largest_remainder`, and for something done for a key that has no weight.
    """
    if done.keys() - weights.keys():
        raise ValueError(f"{sorted(done.keys() - weights.keys())} have parts and no weights")
    keys = sorted(weights)
    moves = cumulative_steps(total_after, [weights[key] for key in keys], [done.get(key, 0) for key in keys], step=step)
    return dict(zip(keys, moves, strict=True))


def largest_remainders(total: int, weights: Sequence[int], *, step: int = 1) -> list[int]:
    """`largest_remainder` by place."""
    if total < 0:
        return [-part for part in largest_remainders(-total, weights, step=step)]
    whole = sum(weights)
    if total % step or whole <= 0 or min(weights) < 0:
        raise ValueError(f"cannot divide {total} in steps of {step} by weights that sum to {whole}")
    units = total // step
    parts = [units * weight // whole for weight in weights]
    for place in _takers(units, weights, whole)[: units - sum(parts)]:
        parts[place] += 1
    return [part * step for part in parts]


def _takers(units: int, weights: Sequence[int], whole: int) -> list[int]:
    """Places in the order in which they take what is left. Sorting is stable, also in reverse: the last key first."""
    takers = [place for place, weight in enumerate(weights) if weight]
    takers.sort(key=lambda place: weights[place], reverse=True)
    takers.sort(key=lambda place: units * weights[place] % whole, reverse=True)
    return takers


def cumulative_steps(total_after: int, weights: Sequence[int], done: Sequence[int], *, step: int = 1) -> list[int]:
    """`cumulative_step` by place."""
    delta = total_after - sum(done)
    sign = 1 if delta >= 0 else -1
    targets = largest_remainders(total_after, weights, step=step)
    moves = [max(0, sign * (target - before)) for target, before in zip(targets, done, strict=True)]
    _take_back(moves, sum(moves) - abs(delta), weights, step)
    return [sign * move for move in moves]


def _take_back(moves: list[int], excess: int, weights: Sequence[int], step: int) -> None:
    """Of so many steps nobody is asked for one who is not among the so many that move most."""
    steps = excess // step
    queue = heapq.nsmallest(steps, ((-move, -weights[place], place) for place, move in enumerate(moves) if move))
    for _ in range(steps):
        move, weight, place = queue[0]
        moves[place] -= step
        heapq.heapreplace(queue, (move + step, weight, place))
