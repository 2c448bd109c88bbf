"""Dividing an amount by integer weights so that the parts add up to it, to the last minor unit."""

import heapq
from collections.abc import Mapping
from typing import Any, TypeVar

Key = TypeVar("Key", bound=Any)


def largest_remainder(total: int, weights: Mapping[Key, int], *, step: int = 1) -> dict[Key, int]:
    """Parts of `total`, in multiples of `step`, proportional to `weights`; they sum to `total` exactly.

    Everybody gets the floor of their quota; what is left goes out one step each by larger remainder, larger weight,
    smaller key, and never to a weight of zero. The order of `weights` does not matter. A negative total mirrors.
    Raises ValueError if `total` is no multiple of `step`, or if a weight is negative or all are zero.
    """
    if total < 0:
        return {key: -part for key, part in largest_remainder(-total, weights, step=step).items()}
    whole = sum(weights.values())
    if total % step or whole <= 0 or min(weights.values()) < 0:
        raise ValueError(f"cannot divide {total} in steps of {step} by weights that sum to {whole}")
    units = total // step
    parts = {key: units * weight // whole for key, weight in weights.items()}
    left = units - sum(parts.values())
    takers = (key for key, weight in weights.items() if weight)
    for key in heapq.nsmallest(left, takers, key=lambda key: (-(units * weights[key] % whole), -weights[key], key)):
        parts[key] += 1
    return {key: part * step for key, part in parts.items()}


def cumulative_step(
    total_after: int, weights: Mapping[Key, int], done: Mapping[Key, int], *, step: int = 1
) -> dict[Key, int]:
    """What each key moves now, so that `done` plus the move follows the exact division of `total_after`.

    A target can dip by one step while the total grows (and the reverse), because remainders change places. Nobody
    moves against the direction of the total: such a move becomes zero, and the excess is taken back one step at a time
    from whoever moves most (then the larger weight, then the smaller key). The moves sum to `total_after − Σ done`.
    """
    delta = total_after - sum(done.values())
    target = largest_remainder(total_after, weights, step=step)
    sign = 1 if delta >= 0 else -1
    moves = {key: max(0, sign * (target[key] - done.get(key, 0))) for key in weights}
    _take_back(moves, sum(moves.values()) - abs(delta), weights, step)
    return {key: sign * move for key, move in moves.items()}


def _take_back(moves: dict[Key, int], excess: int, weights: Mapping[Key, int], step: int) -> None:
    if not excess:
        return
    queue = [(-move, -weights[key], key) for key, move in moves.items() if move]
    heapq.heapify(queue)
    for _ in range(excess // step):
        move, weight, key = queue[0]
        moves[key] -= step
        heapq.heapreplace(queue, (move + step, weight, key))
