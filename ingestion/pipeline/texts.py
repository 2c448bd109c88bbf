"""What a text is: JSONL, a table with separators, or plain text. And, if it is no UTF-8, what it seems to be."""

import csv
import re
from collections import Counter
from collections.abc import Sequence

from ingestion.domain.kinds import Kind
from ingestion.domain.problems import BrokenFileError, broken

DELIMITERS = "\t,;|"
BOM = b"\xef\xbb\xbf"
# A heading alone on the first line: a table of one column.
# fmt: off
HEADINGS = frozenset((
    "text", "texts", "sentence", "sentences", "content", "transcript", "transcription", "prompt", "document",
    "body", "label", "word", "name", "id", "title", "question", "answer", "url", "lang", "language", "file_name",
    "path", "value", "values", "comment", "message", "summary",
))
# fmt: on
# A word without spaces around it: in prose a space follows a comma.
COLUMN_NAME = re.compile(r'"?[^\W\d]\w*"?')
SAME_WIDTH = 0.5
REGULAR = 0.8
LINES_ASKED = 200
MARKS_16 = {b"\xff\xfe": "UTF-16 (little endian)", b"\xfe\xff": "UTF-16 (big endian)"}
# Bytes that are letters and quotation marks in Windows-1252, and controls in Latin-1.
ONLY_WINDOWS = re.compile(rb"[\x80-\x9f]")


def text_kind(text: str) -> Kind:
    """`text` is the beginning of the file without a byte order mark, cut behind a line if it is not all."""
    start = text.lstrip()[:1]
    if start == "[":
        _refuse_list(text)
    return "jsonl" if start == "{" else "delimited" if _is_table(text) else "text"


def _refuse_list(text: str) -> None:
    """A JSON list is said to be one; a text that begins with a bracket is a text."""
    if re.match(r'\s*\[\s*([\[{"\]]|-?\d|true|false|null)', text):
        raise broken(
            "json_array",
            "This is one JSON list. We read JSONL: one object per line.",
            "Write every record as a JSON object on a line of its own and upload that file.",
        )


def _is_table(text: str) -> bool:
    lines = [line for line in text.splitlines(keepends=True)[:LINES_ASKED] if line.strip()]
    if not lines:
        return False
    heading = lines[0].strip().strip('"')
    best = max(DELIMITERS, key=heading.count)
    if best not in heading:
        return heading.lower() in HEADINGS or any(line.startswith('"') for line in lines[1:2])
    if all(COLUMN_NAME.fullmatch(name) for name in heading.split(best)):
        return True
    widths = _widths(lines, best)
    return _fits(widths) if widths else True


def _fits(widths: Sequence[int]) -> bool:
    """Enough rows as wide as the header, or nearly all rows of one width: a table, perhaps one with mistakes."""
    heading, rest = widths[0], widths[1:]
    if not rest:
        return heading > 1
    width, count = Counter(rest).most_common(1)[0]
    return rest.count(heading) >= SAME_WIDTH * len(rest) or (width > 1 and count >= REGULAR * len(rest))


def _widths(lines: Sequence[str], delimiter: str) -> list[int]:
    """Fields of each row, the last left out if it may be cut."""
    try:
        return [len(row) for row in csv.reader(lines, delimiter=delimiter) if row]
    except csv.Error:
        return []


def not_utf8(raw: bytes, error: UnicodeDecodeError, *, line: int, offset: int) -> BrokenFileError:
    """`raw` is the line, or the beginning of the file, in which `error` happened; `offset` is where it begins."""
    at = offset + error.start
    guess = likely_encoding(raw)
    return broken(
        "not_utf8",
        f"Line {line} is not UTF-8: the byte 0x{raw[error.start]:02X} at offset {at:,} of the file fits no character. "
        f"The text is probably in {guess}.",
        f"Convert the file from {guess} to UTF-8. In a spreadsheet program choose “CSV UTF-8”.",
        row=line,
    )


def utf16(mark: bytes) -> BrokenFileError:
    name = MARKS_16[mark]
    return broken(
        "not_utf8",
        f"Line 1 is not UTF-8: the byte order mark at offset 0 says that the text is in {name}.",
        f"Convert the file from {name} to UTF-8. In an editor choose “Save with encoding: UTF-8”.",
        row=1,
    )


def likely_encoding(raw: bytes) -> str:
    """A guess in words, good enough to tell a person what to try."""
    if raw.count(0) * 4 > len(raw):
        return "UTF-16"
    high = sum(byte >= 0x80 for byte in raw)
    if high * 2 > len(raw):
        return "an older encoding of its own script"
    return "Windows-1252" if ONLY_WINDOWS.search(raw) else "Latin-1 or Windows-1252"
