"""What differs between two texts, for people who look at both."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

SHOWN_CHARACTERS = 1500
# Words and the spaces between them are shorter than this on average, where a script has spaces between words.
CHARACTERS_PER_WORD = 12
WORDS = re.compile(r"\s+|[^\s]+")


@dataclass(frozen=True)
class Run:
    """A stretch of a text; `differs` if the other text does not have it there."""

    text: str
    differs: bool


def differences(left: str, right: str) -> tuple[list[Run], list[Run]]:
    """Both texts in runs, as far as they are shown."""
    first, second = _tokens(left[:SHOWN_CHARACTERS]), _tokens(right[:SHOWN_CHARACTERS])
    steps = SequenceMatcher(None, first, second, autojunk=False).get_opcodes()
    return (
        list(_runs(first, [(begin, end, kind != "equal") for kind, begin, end, _, _ in steps])),
        list(_runs(second, [(begin, end, kind != "equal") for kind, _, _, begin, end in steps])),
    )


def _tokens(text: str) -> list[str]:
    words = WORDS.findall(text)
    return words if len(text) < CHARACTERS_PER_WORD * len(words) else list(text)


def _runs(tokens: Sequence[str], steps: list[tuple[int, int, bool]]) -> Iterator[Run]:
    for begin, end, differs in steps:
        if begin < end:
            yield Run("".join(tokens[begin:end]), differs)
