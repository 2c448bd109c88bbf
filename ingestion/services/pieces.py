"""Cutting stored files into pieces."""

from typing import BinaryIO

from django.conf import settings

from collective.core.storage import incoming
from ingestion.domain.cutting import cuts
from ingestion.domain.parts import MIB
from ingestion.models import Piece, Upload, ValidationReport
from ingestion.pipeline.limits import LINE_BYTES

HEAD = 4096
BOM = b"\xef\xbb\xbf"


def pieces_of(report: ValidationReport, upload: Upload, file_number: int) -> list[Piece]:
    """The pieces of a stored file, not yet saved. Only JSONL is cut: a line of it stands for itself."""
    ranges = [(0, upload.size)]
    if upload.size > settings.PIECE_BYTES:
        with incoming().open(upload.key) as file:
            ranges = _ranges(file, upload.size)
    return [
        Piece(report=report, upload=upload, file_number=file_number, number=number, begin=begin, end=end)
        for number, (begin, end) in enumerate(ranges)
    ]


def lines_before(piece: Piece) -> int:
    """Lines of the file that end before the piece. Reads them, so only for a report that names rows."""
    left, count = piece.begin, 0
    with incoming().open(piece.upload.key) as file:
        while left and (block := file.read(min(MIB, left))):
            count += block.count(b"\n")
            left -= len(block)
    return count


class _LineTooLongError(Exception):
    """The reader will say so; here it only means that the file cannot be cut."""


def _ranges(file: BinaryIO, size: int) -> list[tuple[int, int]]:
    if not file.read(HEAD).removeprefix(BOM).lstrip().startswith(b"{"):
        return [(0, size)]
    try:
        return list(cuts(size, lambda offset: _line_end(file, offset), piece_bytes=settings.PIECE_BYTES))
    except _LineTooLongError:
        return [(0, size)]


def _line_end(file: BinaryIO, offset: int) -> int:
    file.seek(offset)
    line = file.readline(LINE_BYTES + 1)
    if len(line) > LINE_BYTES:
        raise _LineTooLongError
    return offset + len(line)
