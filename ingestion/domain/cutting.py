"""Where a large file of lines is cut, so that several workers can check it at once."""

from collections.abc import Callable, Iterator

MOST_PIECES = 10_000


def cuts(size: int, line_end: Callable[[int], int], *, piece_bytes: int) -> Iterator[tuple[int, int]]:
    """`[begin, end)` of each piece, in order, without a gap; each ends with a line.

    `line_end(offset)` is the offset behind the line that holds the byte at `offset`.
    """
    step = max(piece_bytes, -(-size // MOST_PIECES))
    begin = 0
    while begin < size:
        wanted = begin + step
        end = size if wanted >= size else min(size, line_end(wanted - 1))
        yield begin, end
        begin = end
