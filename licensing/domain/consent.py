"""Consent is the fold of its events; nothing stores the state itself (governance reference 7).

`fold` is the state of one person in one set of records; `together` is what all of them allow.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

GIVEN, REFUSED = "given", "refused"
ANYWHERE = "*"
UNKNOWN = "D"
ASSURANCE = {
    "A": "Proof of every person's consent is held here.",
    "B": "Everybody's agreement is held by the publisher and known here by its hash.",
    "C": "The publisher attests that the people in it agreed.",
    UNKNOWN: "It is not known how the people in it agreed.",
}


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
    @property
    def is_guarded(self) -> bool: ...
    @property
    def assurance(self) -> str: ...


@dataclass(frozen=True)
class ConsentState:
    """`given`: somebody answered. `withdrawn` is for good: a later answer does not bring it back.

    `territory`: ISO 3166 codes, or `*`. `asked`: the person came of age and has not answered. `assurance`: A to D.
    """

    given: bool = False
    withdrawn: bool = False
    answers: Mapping[str, str] = field(default_factory=dict)
    commercial: bool = False
    territory: tuple[str, ...] = ()
    exclusive: bool = False
    asked: bool = False
    guarded: bool = False
    assurance: str = UNKNOWN

    def allows(self, code: str) -> bool:
        return self.given and self.answers.get(code) == GIVEN


def fold(events: Iterable[ConsentStep]) -> ConsentState:
    """Events in the order in which they happened. A new answer replaces the answers before it.

    What was said of single records narrows the whole; their withdrawal takes them out and leaves the rest as it is.
    """
    state = ConsentState()
    for event in events:
        state = _next(state, event) if event.record_count is None else _narrowed(state, event)
    return state


def together(states: Sequence[ConsentState]) -> ConsentState:
    """What everybody allows. Nobody at all allows nothing; one more never allows more."""
    if not states:
        return ConsentState()
    return ConsentState(
        given=all(each.given for each in states),
        withdrawn=any(each.withdrawn for each in states),
        answers=_common_answers(states),
        commercial=all(each.commercial for each in states),
        territory=_common_territory(states),
        exclusive=all(each.exclusive for each in states),
        asked=any(each.asked for each in states),
        guarded=any(each.guarded for each in states),
        assurance=max(each.assurance for each in states),
    )


def _next(state: ConsentState, event: ConsentStep) -> ConsentState:
    if event.kind == "withdrawn":
        return ConsentState(withdrawn=True)
    if event.kind in ("refused", "expired", "invalidated"):
        return ConsentState(withdrawn=state.withdrawn)
    if event.kind == "requested":
        return replace(state, asked=state.given)
    if state.withdrawn:
        return state
    return _answered(event)


def _answered(event: ConsentStep) -> ConsentState:
    limits = event.limits
    return ConsentState(
        given=True,
        answers=dict(event.answers),
        commercial=bool(limits.get("commercial", False)),
        territory=tuple(sorted(limits.get("territory", [ANYWHERE]))),
        # Nobody can be bound to one buyer by a guardian.
        exclusive=bool(limits.get("exclusive", False)) and not event.is_guarded,
        guarded=event.is_guarded,
        assurance=event.assurance,
    )


def _narrowed(state: ConsentState, event: ConsentStep) -> ConsentState:
    if not state.given or event.kind not in ("given", "renewed", "refused"):
        return state
    if event.kind == "refused":
        return replace(state, answers=dict.fromkeys(state.answers, REFUSED), commercial=False, exclusive=False)
    less = together([state, _answered(event)])
    return replace(less, asked=state.asked, assurance=max(state.assurance, event.assurance))


def _common_answers(states: Sequence[ConsentState]) -> dict[str, str]:
    codes = dict.fromkeys(code for each in states for code in each.answers)
    return {code: GIVEN if all(each.answers.get(code) == GIVEN for each in states) else REFUSED for code in codes}


def _common_territory(states: Sequence[ConsentState]) -> tuple[str, ...]:
    limited = [set(each.territory) for each in states if ANYWHERE not in each.territory]
    return tuple(sorted(set.intersection(*limited))) if limited else (ANYWHERE,)
