"""State machines as data: a table per entity. Rows follow it through `core.states.StatefulModel`."""

from collections.abc import Mapping
from dataclasses import dataclass

from collective.core.errors import ConflictError


class WrongStateError(ConflictError):
    code = "wrong_state"
    text = "This {entity} is {state}; it cannot become {target} now."


@dataclass(frozen=True)
class StateTable:
    """`transitions` maps every state to those that may follow; a state that nothing follows maps to an empty set."""

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
