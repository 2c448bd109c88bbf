"""Rules in words, generated, so that the words and the rule cannot differ."""

from collections.abc import Iterable, Mapping

from licensing.domain.access_rules import ACTIONS, ANSWER, DOMAIN, KIND, OFFER, PURPOSE, Condition
from licensing.domain.actions import PHRASES
from licensing.domain.vocabulary import LICENSEE_TYPES

_SENTENCES = {
    KIND: "Whoever asks is one of: {values}.",
    PURPOSE: "The purpose contains {values}.",
    ACTIONS: "They want to do nothing beyond: {values}.",
    OFFER: "They ask for these offers only: {values}.",
    DOMAIN: "The person who asks has a confirmed address at {values}.",
    ANSWER: "The answer to “{question}” is {values}.",
}


def rule_words(
    conditions: Iterable[Condition],
    *,
    offers: Mapping[str, str] | None = None,
    questions: Mapping[str, str] | None = None,
) -> list[str]:
    """One sentence for each condition; `offers` and `questions` give names to ids and codes."""
    return [_sentence(each, offers or {}, questions or {}) for each in conditions]


def _sentence(condition: Condition, offers: Mapping[str, str], questions: Mapping[str, str]) -> str:
    names = {KIND: LICENSEE_TYPES, ACTIONS: PHRASES, OFFER: offers}.get(condition.field, {})
    joined = " or " if condition.field in {PURPOSE, DOMAIN, ANSWER} else ", "
    quoted = condition.field in {PURPOSE, ANSWER}
    values = [names.get(value, f"“{value}”" if quoted else value) for value in condition.any_of]
    asked = questions.get(condition.question, condition.question)
    return _SENTENCES[condition.field].format(values=joined.join(values), question=asked)
