"""Lines of a text file: bounded in length, strict UTF-8, without the byte order mark."""

from collections.abc import Iterator
from typing import BinaryIO

from ingestion.domain.problems import broken
from ingestion.pipeline.limits import LINE_BYTES, MIB
from ingestion.pipeline.texts import BOM, not_utf8

__all__ = ["BOM", "lines"]


def lines(file: BinaryIO) -> Iterator[tuple[int, str, int]]:
    """Number from 1, text with its line end, and bytes read so far. Raises BrokenFileError."""
    number, offset, has_mark = 0, 0, file.tell() == 0
    while raw := file.readline(LINE_BYTES + 1):
        number += 1
        if len(raw) > LINE_BYTES:
            raise broken(
                "line_too_long",
                f"Line {number} is longer than {LINE_BYTES // MIB} MiB.",
                "Split the record, or check that the file has line ends.",
                row=number,
            )
        if b"\x00" in raw:
            raise broken("binary_text", f"Line {number} has a NUL byte.", "Save the file as plain text.", row=number)
        text = _decoded(raw, number, offset)
        offset += len(raw)
        yield number, text.removeprefix("\ufeff") if has_mark and number == 1 else text, offset


def _decoded(raw: bytes, number: int, offset: int) -> str:
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise not_utf8(raw, error, line=number, offset=offset) from error
