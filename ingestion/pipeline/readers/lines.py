"""Lines of a text file: bounded in length, strict UTF-8, without the byte order mark."""

from collections.abc import Iterator
from typing import BinaryIO

from ingestion.domain.problems import broken
from ingestion.pipeline.limits import LINE_BYTES, MIB

BOM = b"\xef\xbb\xbf"


def lines(file: BinaryIO) -> Iterator[tuple[int, str, int]]:
    """Number from 1, text with its line end, and bytes read so far. Raises BrokenFileError."""
    number, offset = 0, 0
    while raw := file.readline(LINE_BYTES + 1):
        number, offset = number + 1, offset + len(raw)
        if len(raw) > LINE_BYTES:
            raise broken(
                "line_too_long",
                f"Line {number} is longer than {LINE_BYTES // MIB} MiB.",
                "Split the record, or check that the file has line ends.",
                row=number,
            )
        if b"\x00" in raw:
            raise broken("binary_text", f"Line {number} has a NUL byte.", "Save the file as plain text.", row=number)
        yield number, _decoded(raw.removeprefix(BOM) if number == 1 else raw, number), offset


def _decoded(raw: bytes, number: int) -> str:
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise broken(
            "not_utf8",
            f"Line {number} is not UTF-8: the byte at position {error.start + 1} fits no character.",
            "Save the file with the encoding UTF-8. In a spreadsheet program choose “CSV UTF-8”.",
            row=number,
        ) from error
