"""An A4 page with the fonts that its words need, whatever their script."""

from collections.abc import Iterable
from datetime import datetime

from fpdf import FPDF
from fpdf.enums import XPos, YPos

from collective.core.pdf import fonts

MARGIN, WIDTH = 18, 174  # millimeters on A4
INK, SOFT = (28, 32, 40), (95, 101, 112)


def open_document(title: str, words: Iterable[str], *, made_at: datetime) -> tuple[FPDF, dict[int, str]]:
    """An empty page that can print `words`, and a table for `str.translate`: characters that no font has, by number.

    The same words and the same time give the same bytes.
    """
    pdf = FPDF(format="A4")
    pdf.set_creation_date(made_at)
    pdf.set_title(title)
    pdf.set_margin(MARGIN)
    pdf.set_auto_page_break(True, MARGIN)
    pdf.add_page()
    files, missing = fonts.files_for("–[U+0123456789ABCDEF]" + title + "".join(words))
    others = [file for file in files if file != fonts.latin()]
    for file in (fonts.latin(), *others):
        pdf.add_font(file.stem, "", file, variations={"wght": 400.0})
    pdf.set_font(fonts.latin().stem)
    pdf.set_fallback_fonts([file.stem for file in others], exact_match=False)
    pdf.set_text_shaping(True)
    return pdf, {ord(character): f"[U+{ord(character):04X}]" for character in missing}


def write(pdf: FPDF, text: str, *, size: float, width: float = WIDTH, color: tuple[int, int, int] = INK) -> None:
    """A paragraph, from the left margin to the next line."""
    pdf.set_text_color(*color)
    pdf.set_font_size(size)
    pdf.multi_cell(width, size * 0.5, text, align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT)
