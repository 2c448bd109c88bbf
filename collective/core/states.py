"""State machines as data: a table per entity, and one way from one state to the next."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Self

from django.db import models

from collective.core.errors import ConflictError


class WrongStateError(ConflictError):
    code = "wrong_state"
    text = "This {entity} is {state}; it cannot become {target} now."


@dataclass(frozen=True)
class StateTable:
    """`transitions` maps every state to the states that may follow; a state that nothing follows maps to an empty set."""

    entity: str
    initial: str
    transitions: Mapping[str, frozenset[str]]

    def __post_init__(self) -> None:
        named = {self.initial}.union(*self.transitions.values())
        if unknown := named - set(self.transitions):
            raise ValueError(f"{self.entity}: no row for {sorted(unknown)}")

    @property
    def choices(self) -> list[tuple[str, str]]:
        return [(state, state.replace("_", " ")) for state in self.transitions]

    def allows(self, state: str, target: str) -> bool:
        return target in self.transitions[state]

    def diagram(self) -> str:
        """The table as a Mermaid state diagram."""
        lines = ["stateDiagram-v2", f"    [*] --> {self.initial}"]
        for state, targets in self.transitions.items():
            lines += [f"    {state} --> {target}" for target in sorted(targets)]
            lines += [] if targets else [f"    {state} --> [*]"]
        return "\n".join(lines)


def state_table(entity: str, initial: str, **transitions: str) -> StateTable:
    """Shorthand: `draft="submitted withdrawn"` says that draft may become either; an empty text ends the line."""
    return StateTable(entity, initial, {name: frozenset(after.split()) for name, after in transitions.items()})


class StatefulModel(models.Model):
    """A row with a `state` column that changes only through `transition_to`."""

    state_table: ClassVar[StateTable]

    class Meta:
        abstract = True

    def transition_to(self, target: str, **changes: Any) -> Self:
        """Move to `target` and set `changes` in one conditional UPDATE.

        Two who race from the same state cannot both win: the second matches no row. Raises WrongStateError.
        """
        current: str = self.state  # type: ignore[attr-defined]
        manager = type(self)._default_manager
        allowed = self.state_table.allows(current, target)
        if not allowed or not manager.filter(pk=self.pk, state=current).update(state=target, **changes):
            raise WrongStateError(entity=self.state_table.entity, state=current.replace("_", " "), target=target)
        for name, value in {"state": target, **changes}.items():
            setattr(self, name, value)
        return self
