"""What a dataset could be offered under, what stands in the way, and what leaving parts of it out would open.

A contribution's objections do not depend on the others, so the smallest set that opens a license is exactly the set of
those that object to it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from licensing.domain.blockers import Blocker, ContributionRights, blockers
from licensing.domain.terms import Terms


@dataclass(frozen=True)
class Part:
    """A contribution in the data, and how many of its records are in it."""

    rights: ContributionRights
    records: int

    @property
    def id(self) -> UUID:
        return self.rights.contribution_id


@dataclass(frozen=True)
class Obstacle:
    """One contribution that stands in the way of a license, with each reason."""

    part: Part
    reasons: tuple[Blocker, ...]


@dataclass(frozen=True)
class Outlook:
    """`left_over`: records that remain without the obstacles. With none there is nothing to offer."""

    license_id: str
    obstacles: tuple[Obstacle, ...]
    left_over: int

    @property
    def possible(self) -> bool:
        return not self.obstacles and self.left_over > 0

    @property
    def can_open(self) -> bool:
        return bool(self.obstacles) and self.left_over > 0

    @property
    def blocked(self) -> frozenset[UUID]:
        return frozenset(each.part.id for each in self.obstacles)

    @property
    def blocked_records(self) -> int:
        return sum(each.part.records for each in self.obstacles)


@dataclass(frozen=True)
class Step:
    """Leave `parts` out, all of them: `opens` become possible that were not after the step before."""

    parts: tuple[Part, ...]
    opens: tuple[str, ...]
    left_over: int

    @property
    def records(self) -> int:
        return sum(part.records for part in self.parts)


@dataclass(frozen=True)
class RightsCheck:
    total: int
    outlooks: tuple[Outlook, ...]
    steps: tuple[Step, ...]


def rights_check(licenses: Mapping[str, Terms], parts: Iterable[Part]) -> RightsCheck:
    """`licenses` by id, in the order in which they are shown."""
    held = list(parts)
    total = sum(part.records for part in held)
    outlooks = tuple(_outlook(license_id, terms, held, total) for license_id, terms in licenses.items())
    return RightsCheck(total, outlooks, tuple(_steps(outlooks, held, total)))


def _outlook(license_id: str, terms: Terms, parts: Sequence[Part], total: int) -> Outlook:
    asked = [(part, tuple(blockers(terms, [part.rights]))) for part in parts]
    found = tuple(Obstacle(part, reasons) for part, reasons in asked if reasons)
    return Outlook(license_id, found, total - sum(each.part.records for each in found))


def _steps(outlooks: Sequence[Outlook], parts: Sequence[Part], total: int) -> list[Step]:
    """Greedy: each step opens the license that costs the fewest further records, until nothing more can be opened."""
    steps: list[Step] = []
    out: frozenset[UUID] = frozenset()
    records = {part.id: part.records for part in parts}
    waiting = [each for each in outlooks if each.can_open]
    while waiting:
        cheapest = min(waiting, key=lambda each: (_cost(each.blocked - out, records), len(each.blocked - out)))
        out |= cheapest.blocked
        left_over = total - _cost(out, records)
        if left_over <= 0:
            break
        opened = tuple(each.license_id for each in waiting if each.blocked <= out)
        steps.append(Step(tuple(part for part in parts if part.id in out), opened, left_over))
        waiting = [each for each in waiting if not each.blocked <= out]
    return steps


def _cost(ids: Iterable[UUID], records: Mapping[UUID, int]) -> int:
    return sum(records[each] for each in ids)
