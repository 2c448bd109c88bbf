"""Durations of ISO 8601 with one unit, as terms hold them: P30D, P6M, P1Y."""

from licensing.domain.sentences import Sentence, say

_WORDS = {"D": ("one day", "{count} days"), "M": ("one month", "{count} months"), "Y": ("one year", "{count} years")}


def span(text: str) -> Sentence:
    """In words: P30D is 30 days."""
    count, (one, many) = int(text[1:-1]), _WORDS[text[-1]]
    return say(one) if count == 1 else say(many, count=count)
