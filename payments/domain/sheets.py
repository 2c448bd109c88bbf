"""Tables that people open in a spreadsheet: CSV in UTF-8, in which no cell is taken for a formula."""

import csv
import io
from collections.abc import Iterable, Sequence

from collective.core.domain.money import Money

# What a spreadsheet begins a formula with (OWASP, CSV injection).
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")

Cell = str | int | Money | None


def csv_text(header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> str:
    """RFC 4180. Numbers and money stay numbers, also negative ones; an apostrophe stops a formula."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(header)
    writer.writerows([plain(cell) for cell in row] for row in rows)
    return out.getvalue()


def plain(cell: Cell) -> str | int:
    if isinstance(cell, Money):
        return cell.decimal()
    if isinstance(cell, str) and cell.startswith(FORMULA):
        return f"'{cell}"
    return "" if cell is None else cell
