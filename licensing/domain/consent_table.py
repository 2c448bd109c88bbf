"""A table of answers that were given elsewhere: one row per person, role and set of records. Pure: rows and problems.

    person,records,role,notice,language,yes,commercial,exclusive,territory,basis,assessment,special_category,
    guardian,birth,country,evidence,evidence_sha256,evidence_kind,date,name,contact

`person` and `guardian` are the provider's own names for them. `records` is `*` or record ids with spaces between; `yes`
lists the uses that were allowed, all others that the notice asks about are a no; `notice` is a version or a hash.
"""

import csv
import io
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from licensing.domain.actions import PURPOSE_CODES, VOICE_AND_FACE
from licensing.domain.majority import is_minor

REQUIRED: Final = ("person", "records", "role", "notice", "yes", "date")
OPTIONAL: Final = (
    "language",
    "commercial",
    "exclusive",
    "territory",
    "basis",
    "assessment",
    "special_category",
    "guardian",
    "birth",
    "country",
    "evidence",
    "evidence_sha256",
    "evidence_kind",
    "name",
    "contact",
)
ROWS_MAX: Final = 100_000
ALL: Final = "*"
_RECORD = re.compile(r"[0-9a-f]{32}", re.ASCII)
_SHA256 = re.compile(r"[0-9a-f]{64}", re.ASCII)
_TERRITORY = re.compile(r"\*|[A-Z]{2}", re.ASCII)

Problems = dict[str, list[str]]


@dataclass(frozen=True)
class Choices:
    """What some columns may say; the codes are those of the models."""

    roles: frozenset[str]
    bases: frozenset[str]
    categories: frozenset[str]
    evidence_kinds: frozenset[str]


@dataclass(frozen=True)
class TableRow:
    """`number` is the row as a spreadsheet counts it: the header is row 1. `records` is None for all of them."""

    number: int
    person: str
    records: tuple[str, ...] | None
    role: str
    notice: str
    given_on: date
    yes: tuple[str, ...]
    limits: Mapping[str, object]
    basis: str
    language: str = ""
    assessment: str = ""
    special_category: str = ""
    guardian: str = ""
    birth: date | None = None
    country: str = ""
    evidence: str = ""
    evidence_sha256: str = ""
    evidence_kind: str = ""
    name: str = ""
    contact: str = ""


@dataclass
class Table:
    rows: list[TableRow] = field(default_factory=list)
    problems: Problems = field(default_factory=dict)

    def blame(self, number: int, column: str, text: str) -> None:
        self.problems.setdefault(f"row {number}, {column}", []).append(text)


def read_table(content: bytes, choices: Choices, today: date) -> Table:
    """Every problem of every row, not only the first. With a problem no row counts."""
    table = Table()
    try:
        reader = csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""), strict=True)
        names = list(reader.fieldnames or ())
        _check_header(table, names)
        if table.problems:
            return table
        for number, cells in enumerate(reader, start=2):
            if number > ROWS_MAX + 1:
                table.blame(number, "person", f"A table has at most {ROWS_MAX} rows.")
                break
            _read_row(table, number, cells, choices, today)
    except UnicodeDecodeError:
        table.blame(1, "person", "The file is not UTF-8 text.")
    except csv.Error as error:
        table.blame(len(table.rows) + 2, "person", f"This is not CSV: {error}.")
    _check_twice(table)
    _check_agreed(table)
    return table


def _check_header(table: Table, names: list[str]) -> None:
    for name in REQUIRED:
        if name not in names:
            table.blame(1, name, "This column is missing.")
    for name in names:
        if name not in REQUIRED + OPTIONAL or names.count(name) > 1:
            table.blame(1, name, "There is no such column, or it is there twice.")


def _read_row(table: Table, number: int, cells: Mapping[str | None, object], choices: Choices, today: date) -> None:
    if None in cells or None in cells.values():
        table.blame(number, "person", "This row has more or fewer cells than the header.")
        return
    said = {str(name): str(cell).strip() for name, cell in cells.items()}
    before = len(table.problems)
    given_on, birth = _day(table, number, "date", said), _day(table, number, "birth", said)
    records = _records(table, number, said["records"])
    _check_words(table, number, said, choices)
    row = TableRow(
        number=number,
        person=said["person"],
        records=records,
        role=said["role"],
        notice=said["notice"],
        given_on=given_on or today,
        yes=tuple(dict.fromkeys(said["yes"].split())),
        limits=_limits(table, number, said),
        basis=said.get("basis") or "consent_6_1_a",
        birth=birth,
        country=said.get("country", "").upper(),
        **{name: said.get(name, "") for name in _PLAIN},
    )
    _check_rules(table, row, today, dated=given_on is not None)
    if len(table.problems) == before:
        table.rows.append(row)


_PLAIN: Final = (
    "language",
    "assessment",
    "special_category",
    "guardian",
    "evidence",
    "evidence_sha256",
    "evidence_kind",
    "name",
    "contact",
)


def _day(table: Table, number: int, column: str, said: Mapping[str, str]) -> date | None:
    text = said.get(column, "")
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        table.blame(number, column, "Write the day as in 2026-11-22.")
        return None


def _records(table: Table, number: int, text: str) -> tuple[str, ...] | None:
    if text == ALL:
        return None
    found = tuple(dict.fromkeys(text.split()))
    if not found or not all(_RECORD.fullmatch(each) for each in found):
        table.blame(number, "records", "Write * for all records, or record ids with spaces between.")
    return found


def _limits(table: Table, number: int, said: Mapping[str, str]) -> dict[str, object]:
    territory = sorted(set((said.get("territory") or ALL).upper().split()))
    if not all(_TERRITORY.fullmatch(each) for each in territory):
        table.blame(number, "territory", "Write * or countries of two letters with spaces between.")
    return {"territory": territory, **{name: said.get(name) == "yes" for name in ("commercial", "exclusive")}}


def _check_words(table: Table, number: int, said: Mapping[str, str], choices: Choices) -> None:
    allowed = {
        "role": choices.roles,
        "basis": choices.bases | {""},
        "special_category": choices.categories | {""},
        "evidence_kind": choices.evidence_kinds | {""},
        "commercial": frozenset({"yes", "no", ""}),
        "exclusive": frozenset({"yes", "no", ""}),
    }
    for column, words in allowed.items():
        if said.get(column, "") not in words and (column in said):
            table.blame(number, column, f"Write one of: {', '.join(sorted(words - {''}))}.")
    for column in ("person", "notice", "date"):
        if not said[column]:
            table.blame(number, column, "This cell is empty.")
    if said.get("evidence_sha256") and not _SHA256.fullmatch(said["evidence_sha256"]):
        table.blame(number, "evidence_sha256", "A SHA-256 has 64 hexadecimal digits, in lower case.")
    if unknown := sorted(set(said["yes"].split()) - set(PURPOSE_CODES)):
        table.blame(number, "yes", f"There is no use {', '.join(unknown)}.")


def _check_rules(table: Table, row: TableRow, today: date, *, dated: bool) -> None:
    """What the law asks of a single answer."""
    if dated and row.given_on > today:
        table.blame(row.number, "date", "This day has not come yet.")
    if row.special_category and row.basis != "consent_6_1_a":
        table.blame(row.number, "basis", "Data of a special category needs the person's explicit consent.")
    if row.basis == "interest_6_1_f" and not row.assessment:
        table.blame(row.number, "assessment", "Write down why this interest is legitimate.")
    if row.guardian == row.person:
        table.blame(row.number, "guardian", "Nobody is their own guardian.")
    if row.guardian and not (row.evidence or row.evidence_sha256):
        table.blame(row.number, "evidence", "A guardian's answer needs evidence.")
    if row.birth is not None and is_minor(row.birth, row.country, row.given_on):
        _check_minor(table, row)
    elif row.birth is not None and row.guardian:
        table.blame(row.number, "guardian", "This person was of age on that day, and answers alone.")


def _check_minor(table: Table, row: TableRow) -> None:
    if not row.guardian:
        table.blame(row.number, "guardian", "This person was not of age on that day: a guardian must answer.")
    if row.limits.get("exclusive"):
        table.blame(row.number, "exclusive", "Nobody may bind a minor to one buyer.")
    if set(row.yes) & set(VOICE_AND_FACE):
        table.blame(row.number, "yes", "Uses of a minor's voice or face cannot be allowed.")


def _check_twice(table: Table) -> None:
    seen: set[tuple[str, str]] = set()
    for row in table.rows:
        if row.records is None:
            if (row.person, row.role) in seen:
                table.blame(row.number, "person", "This person has a row for all records already.")
            seen.add((row.person, row.role))


def _check_agreed(table: Table) -> None:
    """Of one person all rows say the same."""
    guardians: dict[str, str] = {}
    births: dict[str, tuple[date, str]] = {}
    for row in table.rows:
        if row.guardian and guardians.setdefault(row.person, row.guardian) != row.guardian:
            table.blame(row.number, "guardian", "Another row names another guardian of this person.")
        if row.birth and births.setdefault(row.person, (row.birth, row.country)) != (row.birth, row.country):
            table.blame(row.number, "birth", "Another row says another day of birth, or country, of this person.")
