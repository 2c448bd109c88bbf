"""A file that is larger than a scanner takes is shown to it in windows."""

from collections.abc import Iterator

# What lies across the end of a window is whole in the next one, if it is not longer than this.
OVERLAP = 64 * 1024


def windows(size: int, *, done: int, length: int) -> Iterator[tuple[int, int]]:
    """Bytes `[begin, end)` of a file of `size` bytes, `length` at most, from where `done` bytes have been seen.

    Precondition: `length` is more than OVERLAP.
    """
    while done < size:
        begin = max(0, done - OVERLAP)
        done = min(size, begin + length)
        yield begin, done
