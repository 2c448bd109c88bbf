"""merge(): may data from these sources be published under that license? (governance reference 5)"""

from collections.abc import Callable, Iterable, Sequence

from licensing.domain.decisions import Decision, Duty, Reason, Result
from licensing.domain.terms import PROHIBIT, TIERED, UNSPECIFIED, Terms

__all__ = ["Decision", "Duty", "Reason", "merge", "possible_targets"]

OPEN_VALUES = (UNSPECIFIED, TIERED)
CONDITIONAL = "duty"
USED = ("derive", "redistribute")


def merge(sources: Sequence[Terms], target: Terms) -> Decision:
    """Each step looks at all sources before the next one, so that the order of the sources does not matter."""
    duties = frozenset(duty for source in sources for duty in _duties(source, target))
    for result, objection in _STEPS:
        reasons = {reason for source in sources if (reason := objection(source, target, result)) is not None}
        if reasons:
            return Decision(result, tuple(sorted(reasons)), duties)
    return Decision("allow_with_obligations" if duties else "allow", (), duties)


def possible_targets(sources: Sequence[Terms], targets: Iterable[Terms]) -> list[str]:
    """License ids, in the order of `targets`."""
    return [target.license_id for target in targets if merge(sources, target).publishable]


def _no_derivatives(source: Terms, _target: Terms, result: Result) -> Reason | None:
    if source.action("derive") != PROHIBIT:
        return None
    text = f"{source.license_id} does not allow changed versions."
    return Reason(source.source, "no_derivatives", text, result)


def _no_redistribution(source: Terms, _target: Terms, result: Result) -> Reason | None:
    if source.action("redistribute") != PROHIBIT:
        return None
    text = f"{source.license_id} does not allow passing the data on."
    return Reason(source.source, "no_redistribution", text, result)


def _share_alike(source: Terms, target: Terms, result: Result) -> Reason | None:
    if not source.share_alike or target.license_id in source.share_alike:
        return None
    allowed = ", ".join(sorted(source.share_alike))
    return Reason(source.source, "share_alike", f"{source.license_id} may be offered only under: {allowed}.", result)


def _non_commercial(source: Terms, target: Terms, result: Result) -> Reason | None:
    # A tiered target lets somebody use it commercially, so it does not qualify.
    if source.commercial != PROHIBIT or target.commercial == PROHIBIT:
        return None
    text = f"{source.license_id} forbids commercial use, and {target.license_id} does not."
    return Reason(source.source, "non_commercial", text, result)


def _open_question(source: Terms, _target: Terms, result: Result) -> Reason | None:
    values = (*(source.action(code) for code in USED), source.commercial)
    if not any(value in OPEN_VALUES for value in values):
        return None
    text = f"{source.license_id} does not say clearly enough what is allowed; a person must read it first."
    return Reason(source.source, "needs_review", text, result)


_STEPS: tuple[tuple[Result, Callable[[Terms, Terms, Result], Reason | None]], ...] = (
    ("deny", _no_derivatives),
    ("internal_only", _no_redistribution),
    ("deny", _share_alike),
    ("deny", _non_commercial),
    ("needs_review", _open_question),
)


def _duties(source: Terms, target: Terms) -> list[Duty]:
    """Also those that the target does not ask for: a notice stays with the data that it came with."""
    named = (
        ("attribute", source.attribute),
        ("include_text", source.include_text),
        ("share_alike", source.share_alike),
        ("condition", any(source.action(code) == CONDITIONAL for code in USED)),
        ("note_no_changes", target.action("derive") == PROHIBIT),
    )
    return [Duty(source.source, code) for code, present in named if present]
