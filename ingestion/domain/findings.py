"""What a check counted in a contribution: where and how often, never the text itself."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any, Literal, Self, get_args

# block: the contribution goes back. warning: the steward decides. note: good to know.
Severity = Literal["block", "warning", "note"]
MOST_ROWS = 20
MOST_FINDINGS = 500
MOST_COUNT = 2**53
# Of a column's name, so much is told.
LONGEST_COLUMN = 255
NAMES = ("check", "code", "column")
# What these checks find must not be read anywhere, and is never left out where there are more findings than are kept.
SECRETS, PERSONAL_DATA = "secrets", "personal_data"
CONFIDENTIAL = (SECRETS, PERSONAL_DATA)
# What is true of a whole column, so that a piece alone cannot say it.
NULL_COLUMN, CONSTANT_COLUMN = "null_column", "constant_column"


@dataclass(frozen=True)
class Finding:
    """`rows` holds the first MOST_ROWS row numbers, from 1; `column` is "" when the whole record is meant."""

    check: str
    code: str
    severity: Severity
    column: str
    count: int
    rows: tuple[int, ...] = ()

    @property
    def kind(self) -> tuple[str, str, str]:
        return (self.check, self.code, self.column)

    def shifted(self, rows_before: int) -> Self:
        """The same, counted from the start of the file whose first `rows_before` rows came before."""
        return replace(self, rows=tuple(row + rows_before for row in self.rows))

    def as_json(self) -> dict[str, Any]:
        return {
            "check": self.check,
            "code": self.code,
            "severity": self.severity,
            "column": self.column,
            "count": self.count,
            "rows": list(self.rows),
        }

    @classmethod
    def from_json(cls, data: object) -> Self:
        """Told by the parsing child, so every field is looked at. Raises ValueError."""
        if not isinstance(data, dict):
            raise ValueError("a finding is an object")
        told: dict[str, Any] = {name: data.get(name) for name in ("check", "code", "severity", "column", "count")}
        rows = data.get("rows")
        if told["severity"] not in get_args(Severity) or not all(_is_name(told[name]) for name in NAMES):
            raise ValueError("a finding has names and a severity")
        if not isinstance(rows, list) or len(rows) > MOST_ROWS or not all(map(_is_count, [told["count"], *rows])):
            raise ValueError("a finding has counts")
        return cls(**told, rows=tuple(rows))


def merged(findings: Iterable[Finding]) -> list[Finding]:
    """Findings of one kind become one: counts add up, the first rows stay. In the order of check, code, column."""
    by_kind: dict[tuple[str, str, str], Finding] = {}
    for each in findings:
        known = by_kind.get(each.kind)
        rows = tuple(sorted({*(known.rows if known else ()), *each.rows}))[:MOST_ROWS]
        by_kind[each.kind] = replace(each, count=each.count + (known.count if known else 0), rows=rows)
    return most_important(by_kind[kind] for kind in sorted(by_kind))


def most_important(findings: Iterable[Finding]) -> list[Finding]:
    """At most MOST_FINDINGS, in the order given. Where there are more, those stay whose loss would do harm."""
    told = list(findings)
    kept = sorted(range(len(told)), key=lambda place: _rank(told[place].check))[:MOST_FINDINGS]
    return [told[place] for place in sorted(kept)]


def of_whole(findings: Iterable[Finding], rows: int) -> list[Finding]:
    """Findings of all pieces of one table with `rows` rows, merged.

    A column without values in one piece may have some in the next. One value in each piece may be two values, so a
    constant column is told only when one piece was the whole.
    """
    pieces = [each for each in findings if each.code != CONSTANT_COLUMN or each.count == rows]
    return [each for each in merged(pieces) if each.code != NULL_COLUMN or each.count == rows]


def _rank(check: str) -> int:
    return CONFIDENTIAL.index(check) if check in CONFIDENTIAL else len(CONFIDENTIAL)


def _is_name(value: object) -> bool:
    return isinstance(value, str) and len(value) <= LONGEST_COLUMN


def _is_count(value: object) -> bool:
    return type(value) is int and 0 <= value < MOST_COUNT
