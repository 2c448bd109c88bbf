"""The steward's own questions, and whether they are answered. All answers are texts: of a file, its id."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

TEXT, CHOICE, YES_NO, FILE = "text", "choice", "yes_no", "file"
KINDS = {
    TEXT: "a text",
    CHOICE: "one of several answers",
    YES_NO: "yes or no",
    FILE: "a file as evidence",
}
QUESTIONS_MAX, OPTIONS_MAX, WORDING_MAX, ANSWER_MAX = 30, 30, 500, 5000
_CODE = re.compile(r"[a-z0-9_]{1,30}", re.ASCII)


@dataclass(frozen=True)
class Question:
    """`code` stays the same when a new version of the set changes the wording. `options` only of a choice."""

    code: str
    kind: str
    text: str
    required: bool = True
    options: tuple[str, ...] = ()

    @property
    def values(self) -> tuple[str, ...]:
        """What may be answered, where that is a closed list."""
        return ("yes", "no") if self.kind == YES_NO else self.options

    def as_json(self) -> dict[str, Any]:
        return {**asdict(self), "options": list(self.options)}


def questions_from(rows: Iterable[Mapping[str, Any]]) -> list[Question]:
    """Read stored questions."""
    return [Question(**{**row, "options": tuple(row["options"])}) for row in rows]


def with_codes(rows: Sequence[Mapping[str, Any]]) -> list[Question]:
    """What a steward wrote, trimmed; a question without a code gets the next free one."""
    taken = {str(row["code"]) for row in rows if row.get("code")}
    free = (f"q{number}" for number in range(1, 2 * QUESTIONS_MAX + len(rows)) if f"q{number}" not in taken)
    return [
        Question(
            code=str(row.get("code") or next(free)),
            kind=str(row["kind"]),
            text=str(row["text"]).strip(),
            required=bool(row.get("required", True)),
            options=tuple(option.strip() for option in row.get("options") or () if option.strip()),
        )
        for row in rows
    ]


def problems_of_set(questions: Sequence[Question]) -> list[str]:
    found = [f"Question {number}: {problem}" for number, each in enumerate(questions, 1) for problem in _problems(each)]
    if len(questions) > QUESTIONS_MAX:
        found.append(f"There are at most {QUESTIONS_MAX} questions.")
    if len({each.code for each in questions}) != len(questions):
        found.append("Two questions have the same code.")
    return found


def _problems(question: Question) -> list[str]:
    checks = {
        "Its code has 1 to 30 small letters, digits or _.": _CODE.fullmatch(question.code) is not None,
        "Choose what kind of answer it takes.": question.kind in KINDS,
        f"Its text has 1 to {WORDING_MAX} characters.": 0 < len(question.text) <= WORDING_MAX,
        f"Give 2 to {OPTIONS_MAX} different answers to choose from.": question.kind != CHOICE
        or (2 <= len(set(question.options)) == len(question.options) <= OPTIONS_MAX),
        "Only a choice has answers to choose from.": question.kind == CHOICE or not question.options,
        f"An answer to choose has at most {WORDING_MAX} characters.": all(
            len(option) <= WORDING_MAX for option in question.options
        ),
    }
    return [text for text, holds in checks.items() if not holds]


def missing(questions: Iterable[Question], answers: Mapping[str, str]) -> list[str]:
    """Codes of the required questions that have no answer."""
    return [each.code for each in questions if each.required and not answers.get(each.code, "").strip()]


def answer_problems(questions: Sequence[Question], answers: Mapping[str, str]) -> dict[str, str]:
    """What is wrong, by question code. Whether a file exists is not asked here."""
    found = dict.fromkeys(set(answers) - {each.code for each in questions}, "There is no such question.")
    for code in missing(questions, answers):
        found[code] = "This question needs an answer."
    for each in questions:
        given = answers.get(each.code, "")
        if given and each.values and given not in each.values:
            found[each.code] = "Choose one of the answers."
        elif len(given) > ANSWER_MAX:
            found[each.code] = f"An answer has at most {ANSWER_MAX} characters."
    return found
