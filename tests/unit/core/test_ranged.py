"""The reader over ranged requests behaves like a file, also when answers break off (E10)."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collective.core.errors import UnavailableError
from collective.core.storage.ranged import ATTEMPTS, RangedFile, reader

CONTENT = bytes(range(256)) * 8
SIZE = len(CONTENT)


def read(first: int, last: int) -> bytes:
    return CONTENT[first : last + 1]


@given(st.lists(st.tuples(st.integers(-SIZE, SIZE + 10), st.sampled_from([0, 1, 2]), st.integers(0, 700)), max_size=20))
def test_it_reads_as_a_file_does(steps: list[tuple[int, int, int]]) -> None:
    ours, real = io.BufferedReader(RangedFile(read, SIZE), 64), io.BytesIO(CONTENT)
    for offset, whence, length in steps:
        base = (0, real.tell(), SIZE)[whence]
        if base + offset >= 0:
            assert ours.seek(offset, whence) == real.seek(offset, whence)
        assert ours.read(length) == real.read(length)
        assert ours.tell() == real.tell()


def test_a_body_cut_short_is_asked_for_again() -> None:
    answers = [b"0", b"", b"0123456789"]
    assert reader(lambda *_: answers.pop(0), 10).read() == b"0123456789"


def test_a_store_that_stays_away_is_an_error() -> None:
    asked = []

    def away(first: int, last: int) -> bytes:
        asked.append((first, last))
        raise UnavailableError

    with pytest.raises(UnavailableError):
        reader(away, 10).read()
    assert asked == [(0, 9)] * ATTEMPTS


def test_nothing_is_asked_behind_the_end() -> None:
    file = reader(lambda *_: pytest.fail("asked"), 0)
    assert file.read() == b""
