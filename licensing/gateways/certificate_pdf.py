"""A certificate as one page of PDF."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import qrcode
from fpdf import FPDF
from fpdf.enums import XPos, YPos

from collective.core.pdf import INK, MARGIN, SOFT, WIDTH, open_document, write

QR = 34  # millimeters
SIZES = (10.0, 9.0, 8.0, 7.0, 6.0)


@dataclass(frozen=True)
class Page:
    """What is printed. `rows` are (label, lines); `lists` are (heading, sentences); `url` is also drawn as a code."""

    title: str
    subtitle: str
    rows: Sequence[tuple[str, Sequence[str]]]
    lists: Sequence[tuple[str, Sequence[str]]]
    url: str
    note: str
    made_at: datetime


def render(page: Page) -> bytes:
    """One page always: a long license is printed smaller."""
    for size in SIZES:
        pdf = _drawn(page, size)
        if pdf.page_no() == 1:
            break
    return bytes(pdf.output())


def _drawn(page: Page, size: float) -> FPDF:
    words = [page.subtitle, page.note, page.url]
    words += [part for label, parts in (*page.rows, *page.lists) for part in (label, *parts)]
    pdf, names = open_document(page.title, words, made_at=page.made_at)
    _code(pdf, page.url)
    write(pdf, page.title.translate(names), size=18, width=WIDTH - QR - 6)
    write(pdf, page.subtitle.translate(names), size=11, width=WIDTH - QR - 6, color=SOFT)
    pdf.set_y(max(pdf.get_y(), MARGIN + QR) + 4)
    for label, lines in page.rows:
        for number, line in enumerate(lines):
            _row(pdf, "" if number else label, line.translate(names), size)
    for heading, sentences in page.lists:
        pdf.ln(size * 0.25)
        write(pdf, heading, size=size + 1)
        for sentence in sentences:
            write(pdf, f"–  {sentence}".translate(names), size=size)
    pdf.ln(size * 0.25)
    write(pdf, page.note, size=max(size - 1.5, 6), color=SOFT)
    return pdf


def _row(pdf: FPDF, label: str, text: str, size: float) -> None:
    pdf.set_font_size(size)
    pdf.set_text_color(*SOFT)
    pdf.cell(44, size * 0.5, label)
    pdf.set_text_color(*INK)
    pdf.multi_cell(WIDTH - 44, size * 0.5, text, align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT)


def _code(pdf: FPDF, url: str) -> None:
    """Squares, not a picture: sharp at any size."""
    code = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_M, border=0)
    code.add_data(url)
    matrix = code.get_matrix()
    side = QR / len(matrix)
    left, top = MARGIN + WIDTH - QR, MARGIN
    pdf.set_fill_color(*INK)
    for row, line in enumerate(matrix):
        for column, dark in enumerate(line):
            if dark:
                pdf.rect(left + column * side, top + row * side, side, side, style="F")
    pdf.link(left, top, QR, QR, url)
