"""One scenario: its number in the governance reference, what must come out, and the walk that sees it."""

from collections.abc import Callable
from dataclasses import dataclass

from tour.governance.town import Town


@dataclass(frozen=True)
class Case:
    """`walk` returns what was observed, made from what came back; it raises where that is not what must be.

    `by_shell`: an operator's command is part of it, so it needs the folder of the instance.
    """

    number: str
    expected: str
    walk: Callable[[Town], str]
    by_shell: bool = False
