"""What an exclusive license keeps others from: actions × fields × territories × a period (governance reference 3)."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import product
from typing import Any

from licensing.domain.terms import PERMIT
from licensing.domain.vocabulary import countries_in, fields_in

# What is a part of something else (governance reference 2.4): who may not do the whole may do none of it.
NARROWER = {
    "train": ("trainGenerative", "fineTune"),
    "derive": ("synthesize",),
    "redistribute": ("releaseWeights",),
}


@dataclass(frozen=True)
class Reach:
    """Closed lists without `*`. Empty actions: nothing is reserved, or nothing of the kind is permitted."""

    actions: frozenset[str]
    fields: frozenset[str]
    territory: frozenset[str]

    def meets(self, other: "Reach") -> bool:
        return bool(self.actions & other.actions and self.fields & other.fields and self.territory & other.territory)

    def combinations(self) -> list[tuple[str, str, str]]:
        """One row each; in a fixed order, so that two who insert the same never wait for each other in a circle."""
        return list(product(sorted(self.actions), sorted(self.fields), sorted(self.territory)))


def reserved(terms: Mapping[str, Any]) -> Reach | None:
    """What these terms keep for one licensee; None when they are not exclusive."""
    scope = (terms.get("legal") or {}).get("exclusivity")
    if not scope:
        return None
    actions = {part for code in scope["actions"] for part in (code, *NARROWER.get(code, ()))}
    return Reach(frozenset(actions), fields_in(scope["field"]), countries_in(scope["territory"]))


def permitted(terms: Mapping[str, Any]) -> Reach:
    """Everything that these terms let somebody do, exclusive or not."""
    scope = terms["scope"]
    actions = frozenset(code for code, value in terms["actions"].items() if value == PERMIT)
    return Reach(actions, fields_in(scope["field"]), countries_in(scope["territory"]))
