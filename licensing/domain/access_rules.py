"""Rules by which a steward lets requests be approved at once. A rule is data; `approving_rule` is all that reads it.

A rule is a list of conditions that must all hold, so that a further condition never approves more. It never approves a
request in which a required answer is missing.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from licensing.domain.actions import ACTION_CODES

KIND, PURPOSE, ACTIONS, OFFER, DOMAIN, ANSWER = "licensee_kind", "purpose", "actions", "offer", "email_domain", "answer"
FIELDS = (KIND, PURPOSE, ACTIONS, OFFER, DOMAIN, ANSWER)
ACCESS = "access"
CONDITIONS_MAX, VALUES_MAX, VALUE_MAX = 20, 50, 500


@dataclass(frozen=True)
class Facts:
    """What a rule may look at. `email_domains` are those of the requester's confirmed addresses.

    `permits` says what each offer lets somebody do: those asked for, or all of the dataset's where none is named.
    """

    licensee_kind: str
    purpose: str
    actions: frozenset[str]
    offers: frozenset[str]
    email_domains: frozenset[str]
    permits: Mapping[str, frozenset[str]] = field(default_factory=dict)
    answers: Mapping[str, str] = field(default_factory=dict)
    complete: bool = True


@dataclass(frozen=True)
class Condition:
    """One field and the values it may have; `question` is the code of the question, for an answer."""

    field: str
    any_of: tuple[str, ...]
    question: str = ""

    def as_json(self) -> dict[str, Any]:
        return {"field": self.field, "any_of": list(self.any_of), "question": self.question}


@dataclass(frozen=True)
class Rule:
    """`key` names it in the decision. A rule without conditions would approve everybody, and cannot be made."""

    key: str
    conditions: tuple[Condition, ...]

    def __post_init__(self) -> None:
        if not self.conditions:
            raise ValueError("a rule needs a condition")


def conditions_from(rows: Iterable[Mapping[str, Any]]) -> tuple[Condition, ...]:
    return tuple(Condition(row["field"], tuple(row["any_of"]), row.get("question", "")) for row in rows)


def holds(condition: Condition, facts: Facts) -> bool:
    return _TESTS[condition.field](condition, facts)


def approving_rule(rules: Iterable[Rule], facts: Facts) -> Rule | None:
    """The first rule all of whose conditions hold."""
    if not facts.complete:
        return None
    return next((rule for rule in rules if all(holds(each, facts) for each in rule.conditions)), None)


def offers_covered(rule: Rule, facts: Facts) -> list[str]:
    """The offers that the rule approves; none named is any. A rule about actions opens no offer that permits more."""
    by_action = any(each.field == ACTIONS for each in rule.conditions)
    return sorted(_no_further(facts) if by_action else facts.offers)


def condition_problems(conditions: Iterable[Condition]) -> list[str]:
    rows = list(conditions)
    found = [problem for each in rows for problem in _problems(each)]
    if not 1 <= len(rows) <= CONDITIONS_MAX:
        found.append(f"A rule has 1 to {CONDITIONS_MAX} conditions. Without any it would approve everybody.")
    return found


def _problems(condition: Condition) -> list[str]:
    values = condition.any_of
    sane = all(value.strip() and len(value) <= VALUE_MAX for value in values)
    checks = {
        f"There is no field “{condition.field}”.": condition.field in FIELDS,
        f"A condition has 1 to {VALUES_MAX} values.": 1 <= len(values) <= VALUES_MAX and sane,
        "Name the question that the answer is to.": (condition.field == ANSWER) == bool(condition.question),
        "There is no such action.": condition.field != ACTIONS or set(values) <= set(ACTION_CODES),
    }
    return [text for text, good in checks.items() if not good]


def _says(condition: Condition, facts: Facts) -> bool:
    said = facts.purpose.casefold()
    return any(value.casefold() in said for value in condition.any_of)


def _within(asked: frozenset[str], condition: Condition) -> bool:
    """Something is asked for, and nothing beyond."""
    return bool(asked) and asked <= set(condition.any_of)


def _no_further(facts: Facts) -> list[str]:
    """Offers that permit what was asked for and nothing else. Whoever asks at all asks to read the data."""
    asked = facts.actions | {ACCESS}
    return [offer for offer, permitted in facts.permits.items() if permitted <= asked]


def _is_at(condition: Condition, facts: Facts) -> bool:
    wanted = {value.casefold() for value in condition.any_of}
    return any(domain == each or domain.endswith(f".{each}") for domain in facts.email_domains for each in wanted)


_TESTS: dict[str, Callable[[Condition, Facts], bool]] = {
    KIND: lambda condition, facts: facts.licensee_kind in condition.any_of,
    PURPOSE: _says,
    ACTIONS: lambda condition, facts: _within(facts.actions, condition) and bool(_no_further(facts)),
    OFFER: lambda condition, facts: _within(facts.offers, condition),
    DOMAIN: _is_at,
    ANSWER: lambda condition, facts: facts.answers.get(condition.question) in condition.any_of,
}
