"""What is wrong with a contributor's file, in words that say where and what to do."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from typing import Any

MOST_SHOWN = 100
LONGEST_TEXT = 500


@dataclass(frozen=True)
class Problem:
    """`row` counts from 1 without the header; `column` names it; `example` is a short excerpt of the value."""

    code: str
    message: str
    action: str
    file: str = ""
    row: int | None = None
    column: str | None = None
    example: str | None = None

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


class BrokenFileError(Exception):
    """The file cannot be read further. Carries the problem that a person is shown."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        super().__init__(problem.message)


def broken(code: str, message: str, action: str, **where: Any) -> BrokenFileError:
    return BrokenFileError(Problem(code, message, action, **where))


@dataclass
class ProblemList:
    """Keeps the first MOST_SHOWN problems and counts the rest."""

    shown: list[Problem] = field(default_factory=list)
    total: int = 0

    def add(self, problem: Problem) -> None:
        self.total += 1
        if len(self.shown) < MOST_SHOWN:
            self.shown.append(problem)

    def __bool__(self) -> bool:
        return self.total > 0


def problem_from_json(data: object) -> Problem:
    """A problem told by the parsing child, which may have been taken over by the file: every field is checked.

    Raises ValueError.
    """
    if not isinstance(data, dict):
        raise ValueError("a problem is an object")
    row = data.get("row")
    if row is not None and (type(row) is not int or not 0 <= row < 2**53):
        raise ValueError("row is not a count")
    texts = {name: _text(data.get(name)) for name in ("code", "message", "action", "column", "example")}
    if not texts["code"].replace("_", "").isalnum() or len(texts["code"]) > 60:
        raise ValueError("code is not a name")
    return Problem(
        code=texts["code"],
        message=texts["message"],
        action=texts["action"],
        row=row,
        column=texts["column"] or None,
        example=texts["example"] or None,
    )


def problems_from_json(data: object) -> list[Problem]:
    if not isinstance(data, list):
        raise ValueError("problems are a list")
    return [problem_from_json(each) for each in data[:MOST_SHOWN]]


def in_file(problems: Iterable[Problem], file: str) -> list[dict[str, Any]]:
    return [{**problem.as_json(), "file": file} for problem in problems]


def without_examples(problems: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    return [each | {"example": None} for each in problems]


def _text(value: object) -> str:
    if value is None:
        return ""
    if not isinstance(value, str):
        raise ValueError("not a text")
    return value.replace("\x00", "")[:LONGEST_TEXT]
