"""Records that repeat, found from record lists: the same as a dict says, however little fits into memory."""

import io
from collections import Counter
from functools import partial

from hypothesis import given
from hypothesis import strategies as st

from ingestion.domain.findings import MOST_ROWS
from ingestion.pipeline.duplicates import Opener, repeats

Lists = list[list[bytes]]
# Few different hashes, and many that begin alike, so that the whole hash must decide.
HASHES = st.builds(
    lambda head, tail: bytes([head]) + bytes(7) + bytes([tail]) + bytes(23), st.integers(0, 3), st.integers(0, 3)
)
LISTS = st.lists(st.lists(HASHES, max_size=30), max_size=4)


def openers(lists: Lists) -> list[Opener]:
    files = [b"".join(b"\7" * 16 + each for each in hashes) for hashes in lists]
    return [partial(io.BytesIO, each) for each in files]


@given(own=LISTS, others=LISTS, most=st.integers(1, 40))
def test_what_repeats_is_what_a_dict_says(own: Lists, others: Lists, most: int) -> None:
    found = repeats(openers(own), openers(others), most_at_once=most)
    flat = [each for hashes in own for each in hashes]
    there = {each for hashes in others for each in hashes}
    seen: Counter[bytes] = Counter()
    inside, elsewhere = [], []
    for row, each in enumerate(flat, start=1):
        if seen[each]:
            inside.append(row)
        if each in there:
            elsewhere.append(row)
        seen[each] += 1
    assert (found.inside.count, found.inside.rows) == (len(inside), tuple(inside[:MOST_ROWS]))
    assert (found.elsewhere.count, found.elsewhere.rows) == (len(elsewhere), tuple(elsewhere[:MOST_ROWS]))
