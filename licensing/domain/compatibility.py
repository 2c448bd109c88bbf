"""merge(): may data from these sources be published under that license? (governance reference 5)"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from licensing.domain.terms import PROHIBIT, TIERED, UNSPECIFIED, Terms

Result = Literal["deny", "internal_only", "needs_review", "allow_with_obligations", "allow"]
OPEN_VALUES = (UNSPECIFIED, TIERED)


@dataclass(frozen=True, order=True)
class Reason:
    """Why a source stands in the way. `source` is its license id."""

    source: str
    code: str
    text: str


@dataclass(frozen=True, order=True)
class Duty:
    source: str
    code: str


@dataclass(frozen=True)
class Decision:
    result: Result
    reasons: tuple[Reason, ...] = ()
    duties: frozenset[Duty] = frozenset()

    @property
    def publishable(self) -> bool:
        return self.result in ("allow", "allow_with_obligations")


def merge(sources: Sequence[Terms], target: Terms) -> Decision:
    """Each step looks at all sources before the next one, so that the order of the sources does not matter."""
    duties = frozenset(duty for source in sources for duty in _duties(source))
    for result, objection in _STEPS:
        reasons = {reason for source in sources if (reason := objection(source, target)) is not None}
        if reasons:
            return Decision(result, tuple(sorted(reasons)), duties)
    return Decision("allow_with_obligations" if duties else "allow", (), duties)


def _no_derivatives(source: Terms, _target: Terms) -> Reason | None:
    if source.action("derive") != PROHIBIT:
        return None
    return Reason(source.license_id, "no_derivatives", f"{source.license_id} does not allow changed versions.")


def _no_redistribution(source: Terms, _target: Terms) -> Reason | None:
    if source.action("redistribute") != PROHIBIT:
        return None
    return Reason(source.license_id, "no_redistribution", f"{source.license_id} does not allow passing the data on.")


def _share_alike(source: Terms, target: Terms) -> Reason | None:
    if not source.share_alike or target.license_id in source.share_alike:
        return None
    allowed = ", ".join(sorted(source.share_alike))
    return Reason(source.license_id, "share_alike", f"{source.license_id} may be offered only under: {allowed}.")


def _non_commercial(source: Terms, target: Terms) -> Reason | None:
    # A tiered target lets somebody use it commercially, so it does not qualify.
    if source.commercial != PROHIBIT or target.commercial == PROHIBIT:
        return None
    return Reason(
        source.license_id,
        "non_commercial",
        f"{source.license_id} forbids commercial use, and {target.license_id} does not.",
    )


def _open_question(source: Terms, _target: Terms) -> Reason | None:
    values = (source.action("derive"), source.action("redistribute"), source.commercial)
    if not any(value in OPEN_VALUES for value in values):
        return None
    return Reason(
        source.license_id,
        "needs_review",
        f"{source.license_id} does not say clearly enough what is allowed; a person must read it first.",
    )


_STEPS: tuple[tuple[Result, Callable[[Terms, Terms], Reason | None]], ...] = (
    ("deny", _no_derivatives),
    ("internal_only", _no_redistribution),
    ("deny", _share_alike),
    ("deny", _non_commercial),
    ("needs_review", _open_question),
)


def _duties(source: Terms) -> list[Duty]:
    named = (
        ("attribute", source.attribute),
        ("include_text", source.include_text),
        ("share_alike", source.share_alike),
    )
    return [Duty(source.license_id, code) for code, present in named if present]
