"""Consent is the fold of its events; nothing stores the state itself (governance reference 7)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Protocol


class ConsentStep(Protocol):
    """One event, as far as the fold reads it."""

    @property
    def kind(self) -> str: ...
    @property
    def answers(self) -> Mapping[str, str]: ...
    @property
    def limits(self) -> Mapping[str, Any]: ...
    @property
    def record_count(self) -> int | None: ...


@dataclass(frozen=True)
class ConsentState:
    """`given`: somebody answered. `withdrawn` is for good: a later answer does not bring it back."""

    given: bool = False
    withdrawn: bool = False
    answers: Mapping[str, str] = field(default_factory=dict)
    commercial: bool = False


def fold(events: Iterable[ConsentStep]) -> ConsentState:
    """Events in the order in which they happened. A new answer replaces the answers before it.

    What was said of single records leaves the answers for the whole as they are.
    """
    state = ConsentState()
    for event in events:
        if event.record_count is not None:
            continue
        if event.kind == "withdrawn":
            state = ConsentState(withdrawn=True)
        elif event.kind in ("expired", "invalidated"):
            state = replace(ConsentState(), withdrawn=state.withdrawn)
        elif event.kind in ("given", "renewed") and not state.withdrawn:
            commercial = bool(event.limits.get("commercial", False))
            state = ConsentState(given=True, answers=dict(event.answers), commercial=commercial)
    return state
