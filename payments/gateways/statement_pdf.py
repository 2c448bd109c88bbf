"""A statement as pages of PDF, from the same rows as its CSV."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from fpdf import FPDF
from fpdf.enums import XPos, YPos

from collective.core.domain.money import Money
from collective.core.pdf import INK, SOFT, WIDTH, open_document, write
from payments.domain.statement_rows import CLOSING, OPENING, StatementRow, rows_of

COLUMNS = (20, 60, 40, 27, 27)  # millimeters
# Beyond that it is read by machines: the CSV has every row.
MOST_ROWS = 250
SIZE, HEIGHT, WHAT = 8.0, 5.0, 1


def render_statement(
    body: Mapping[str, Any], *, issued_at: datetime, root_sha256: str, words: Mapping[str, str]
) -> bytes:
    """`words` are what kinds of rows and events are called, in the language of the reader."""
    rows = [row for row in rows_of(body) if row.amount is None or row.amount.minor]
    shown = rows if len(rows) <= MOST_ROWS else [*rows[: MOST_ROWS - 1], rows[-1]]
    cells = [_cells(row, words) for row in shown]
    title = _("Statement %(number)s") % {"number": body["number"]}
    facts = _facts(body, len(rows) - len(shown), root_sha256)
    pdf, names = open_document(title, [*facts, *(cell for row in cells for cell in row)], made_at=issued_at)
    write(pdf, title, size=18)
    for fact in facts:
        write(pdf, fact.translate(names), size=9.0, color=SOFT)
    pdf.ln(4)
    _table(pdf, [[cell.translate(names) for cell in row] for row in cells])
    return bytes(pdf.output())


def _facts(body: Mapping[str, Any], left_out: int, root_sha256: str) -> list[str]:
    facts = [
        body["payee"]["name"],
        _("%(month)s, in %(currency)s. Days and months are in UTC.")
        % {"month": body["month"], "currency": body["currency"]},
    ]
    if body["corrects"]:
        facts.append(_("It corrects %(number)s.") % {"number": body["corrects"]})
    if left_out:
        facts.append(_("%(count)s rows are left out here. The CSV and the JSON have them.") % {"count": left_out})
    return [*facts, body["issuer"], _("Root of the period: %(root)s") % {"root": root_sha256}]


def _cells(row: StatementRow, words: Mapping[str, str]) -> list[str]:
    share = row.share
    weights = f"{share['weight']} / {share['total_weight']}" if share else ""
    kind = words.get(row.kind, row.kind) if row.kind in {OPENING, CLOSING} or share else words.get(row.event, row.event)
    return [row.day, f"{kind} {row.dataset}".strip(), weights, _number(row.amount), _number(row.balance)]


def _number(money: Money | None) -> str:
    return money.decimal() if money else ""


def _table(pdf: FPDF, rows: Sequence[Sequence[str]]) -> None:
    """By hand: fpdf2's own table measures every cell twice and takes five times as long."""
    heading = [_("Day"), _("What"), _("Your weight / all"), _("Amount"), _("Balance")]
    _line(pdf, heading, color=SOFT)
    for row in rows:
        if pdf.will_page_break(3 * HEIGHT):
            pdf.add_page()
            _line(pdf, heading, color=SOFT)
        _line(pdf, row)


def _line(pdf: FPDF, cells: Sequence[str], *, color: tuple[int, int, int] = INK) -> None:
    pdf.set_font_size(SIZE)
    pdf.set_text_color(*color)
    pdf.set_draw_color(*SOFT)
    pdf.line(pdf.l_margin, pdf.get_y(), pdf.l_margin + WIDTH, pdf.get_y())
    left, top = pdf.l_margin, pdf.get_y()
    bottom = top + HEIGHT
    for place, (width, align, text) in enumerate(zip(COLUMNS, "LLRRR", cells, strict=True)):
        pdf.set_xy(left, top)
        if place == WHAT:
            bottom = _wrapped(pdf, width, text)
        else:
            pdf.cell(width, HEIGHT, text, align=align)
        left += width
    pdf.set_xy(pdf.l_margin, bottom)


def _wrapped(pdf: FPDF, width: float, text: str) -> float:
    """A long name takes several lines. Returns where the next row begins."""
    pdf.multi_cell(width, HEIGHT, text, align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT)
    return float(pdf.get_y())
