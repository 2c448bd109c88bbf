"""What the command computes itself is what the site computes: how a file is cut, which names are the same."""

import hashlib
import io
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from data_collective.local import name_key
from data_collective.parts import Part, cut, digests_of
from data_collective.words import human
from ingestion.domain import names, parts

MIB = 1024 * 1024
SIZES = st.one_of(st.integers(1, 40 * MIB), st.integers(1, 100 * 1024**3))


@given(size=SIZES, least=st.integers(1, 64 * MIB))
def test_a_file_is_cut_as_the_site_expects(size: int, least: int) -> None:
    part_size = parts.part_size_for(size, least=least)
    ours = cut(size, part_size)
    assert len(ours) == parts.part_count(size, part_size)
    assert [part.number for part in ours] == list(range(1, len(ours) + 1))
    assert all(part.size == parts.part_length(size, part_size, part.number) for part in ours)
    assert all(one.begin + one.size == other.begin for one, other in pairwise(ours))
    assert (ours[0].begin, ours[-1].begin + ours[-1].size) == (0, size)


def test_an_empty_file_has_no_parts() -> None:
    assert cut(0, MIB) == []


@given(data=st.binary(max_size=5000), part_size=st.integers(1, 700))
def test_digests_are_those_of_the_bytes(data: bytes, part_size: int) -> None:
    file, whole = io.BytesIO(data), hashlib.sha256()
    for part in cut(len(data), part_size):
        piece = data[part.begin : part.begin + part.size]
        found = digests_of(file, part, whole)
        assert found is not None
        assert found.md5 == hashlib.md5(piece, usedforsecurity=False).hexdigest()
        assert found.sha256 == hashlib.sha256(piece).hexdigest()
    assert whole.hexdigest() == hashlib.sha256(data).hexdigest()


@given(data=st.binary(max_size=100), more=st.integers(1, 50))
def test_a_file_that_is_too_short_has_no_digest(data: bytes, more: int) -> None:
    assert digests_of(io.BytesIO(data), Part(1, 0, len(data) + more)) is None


@given(name=st.text(max_size=60))
def test_names_are_the_same_where_the_site_says_so(name: str) -> None:
    assert name_key(name) == names.name_key(name)


def test_sizes_for_people() -> None:
    sizes = [0, 999, 1000, 1234, 99_900, 23_080_000, 10**9, 5 * 10**15]
    assert [human(size) for size in sizes] == [
        "0 B",
        "999 B",
        "1.0 kB",
        "1.2 kB",
        "100 kB",
        "23 MB",
        "1.0 GB",
        "5000 TB",
    ]
