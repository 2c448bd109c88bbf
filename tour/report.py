"""One line per step, a table at the end, and an exit status that says whether everything held."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

Result = TypeVar("Result")


class StepFailedError(Exception):
    """What was expected and what was seen."""


@dataclass
class Line:
    """`expected` is empty for a step whose name says what it should do."""

    name: str
    held: bool
    seen: str
    seconds: float
    expected: str = ""

    def __str__(self) -> str:
        if not self.expected:
            return f"{'✓' if self.held else '✗'} {self.name:<34} {self.seen}  ({self.seconds:.1f} s)"
        verdict = "held" if self.held else "FAILED"
        return f"{self.name} expected: {self.expected} · observed: {self.seen} · {verdict}  ({self.seconds:.1f} s)"


@dataclass
class Report:
    """Runs steps and remembers how each ended. A failed step raises: where later steps stand on it, the tour ends."""

    lines: list[Line] = field(default_factory=list)
    unit: str = "steps"

    def step(self, name: str, work: Callable[[], tuple[str, Result]], *, expected: str = "") -> Result:
        """`work` returns what it saw, in words, and a value for later steps."""
        started = time.monotonic()
        try:
            seen, result = work()
        except Exception as error:
            seconds = time.monotonic() - started
            self._add(Line(name, False, f"{type(error).__name__}: {error}", seconds, expected))
            raise
        self._add(Line(name, True, seen, time.monotonic() - started, expected))
        return result

    def table(self, facts: dict[str, str]) -> str:
        width = max(map(len, facts), default=0)
        rows = [f"  {name.ljust(width)}  {value}" for name, value in facts.items()]
        held = sum(line.held for line in self.lines)
        rule = "─" * 78
        return "\n".join([rule, *rows, rule, f"  {held} of {len(self.lines)} {self.unit} held"])

    @property
    def all_held(self) -> bool:
        return bool(self.lines) and all(line.held for line in self.lines)

    def _add(self, line: Line) -> None:
        self.lines.append(line)
        print(line, flush=True)


def expect(condition: bool, otherwise: str) -> None:  # noqa: FBT001 - reads as a sentence: expect(x == y, "…")
    if not condition:
        raise StepFailedError(otherwise)
