"""Which place of a license a person or a program may take."""

from collections.abc import Collection, Iterable


def free_places(cap: int, *, taken: Collection[int], cooling: Collection[int]) -> Iterable[int]:
    """Numbers from 1 to `cap`, the lowest first. A cooling place was left lately by somebody else."""
    return (number for number in range(1, cap + 1) if number not in taken and number not in cooling)
