"""The sniffer and the readers of text: a table, JSONL or text comes out, or a refusal with a reason."""

import csv
import io
import tempfile
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from ingestion.domain.problems import BrokenFileError
from tests.fuzz.corpus import LARGEST, fuzzing, is_reason, kept
from tests.unit.ingestion.reads import Read, read

SEEDS = kept("tables")
LETTERS = "ab1.,;|\t\"'\n\r {}[]:\\é\u0301م\ufeff#"
names = st.lists(st.text("abcdé_", min_size=1, max_size=6), min_size=2, max_size=5, unique=True)


def found_in(data: bytes) -> Read | None:
    with tempfile.TemporaryDirectory() as folder:
        try:
            return read(Path(folder), data)
        except BrokenFileError as error:
            if not is_reason(error):
                raise
            return None


@pytest.mark.parametrize("seed", SEEDS, ids=lambda path: path.name)
def test_what_was_kept(seed: Path) -> None:
    data = seed.read_bytes()
    assert len(data) < LARGEST
    found_in(data)


@fuzzing
@given(data=st.one_of(st.binary(max_size=300), st.text(LETTERS, max_size=300).map(str.encode)))
def test_any_bytes(data: bytes) -> None:
    found_in(data)


@fuzzing
@given(
    seed=st.sampled_from([path.read_bytes() for path in SEEDS]),
    at=st.integers(0, LARGEST),
    new=st.one_of(st.binary(max_size=6), st.text(LETTERS, max_size=6).map(str.encode)),
    gone=st.integers(0, 6),
)
def test_tables_with_other_bytes_in_them(seed: bytes, at: int, new: bytes, gone: int) -> None:
    at %= len(seed) + 1
    found_in(seed[:at] + new + seed[at + gone :])


@pytest.mark.parametrize("name", ["table.arrows", "packed.arrows"])
def test_a_length_behind_the_end_of_the_file(name: str) -> None:
    """Wherever a number of eight bytes may stand in the header."""
    seed = next(path for path in SEEDS if path.name == name).read_bytes()
    for at in range(0, 600, 4):
        found_in(seed[:at] + b"\xff" * 7 + b"\x7f" + seed[at + 8 :])


@fuzzing
@given(
    names=names,
    rows=st.lists(st.lists(st.text("xyz ,;|\t\"'\n-é", max_size=8), min_size=5, max_size=5), min_size=2, max_size=8),
    delimiter=st.sampled_from(",;|\t"),
)
def test_a_table_written_by_a_program_is_read_as_it_is(names: list[str], rows: list[list[str]], delimiter: str) -> None:
    written = io.StringIO()
    writer = csv.writer(written, delimiter=delimiter, quoting=csv.QUOTE_ALL, lineterminator="\n")
    writer.writerows([names, *(row[: len(names)] for row in rows)])
    found = found_in(written.getvalue().encode())
    assume(found is not None)
    assert found is not None
    assert found.schema.names == names
    assert [list(row.values()) for row in found.rows] == [[text or None for text in row[: len(names)]] for row in rows]
