"""The quick reader of CSV and TSV gives what the careful one gives, or gives up."""

import csv
import io
from functools import partial
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ingestion.domain.problems import BrokenFileError
from ingestion.pipeline.readers import quick_delimited
from ingestion.pipeline.readers.delimited import DelimitedReader, delimiter_of
from ingestion.pipeline.readers.quick import NotQuickError
from ingestion.pipeline.readers.quick_delimited import QuickDelimited
from tests.unit.ingestion.reads import carefully, quickly, scan_of

TEXTS = st.text(st.sampled_from('ab",;\n\r\t é😀'), max_size=6)
CELLS = TEXTS | st.sampled_from(["", "1", "-2", "0.5", "1e3", "007", "true", "False", "9" * 19, "NULL", "nan"])
TABLES = st.integers(1, 3).flatmap(
    lambda width: st.lists(st.lists(CELLS, min_size=width, max_size=width), min_size=1, max_size=12)
)
RAW = st.text(st.sampled_from('a1",\n\r '), max_size=30).map(lambda text: ("a,b\n" + text).encode())
read_quickly, read_carefully = partial(quickly, QuickDelimited), partial(carefully, DelimitedReader)


def written(rows: list[list[str]], delimiter: str, end: str) -> bytes:
    out = io.StringIO(newline="")
    names = [f"column {number}" for number in range(len(rows[0]))]
    csv.writer(out, delimiter=delimiter, lineterminator=end).writerows([names, *rows])
    return out.getvalue().encode()


@settings(max_examples=300)
@given(rows=TABLES, delimiter=st.sampled_from(",;\t|"), end=st.sampled_from(["\n", "\r\n"]))
def test_the_same_rows_or_none(
    rows: list[list[str]], delimiter: str, end: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    scan = scan_of(tmp_path_factory.mktemp("rows"), written(rows, delimiter, end))
    try:
        read = read_quickly(scan)
    except NotQuickError:
        return
    careful = read_carefully(scan)
    assert read.schema.equals(careful.schema)
    assert read.to_pylist() == careful.to_pylist()


@settings(max_examples=500)
@given(data=RAW)
@example(data=b'a,b\n"x"y,1\n')
@example(data=b'a,b\n""y,1\n')
@example(data=b'a,b\n"x"""y,1\n')
@example(data=b'a,b\n"""y,1\n')
def test_what_the_careful_reader_refuses_is_never_read_quickly(
    data: bytes, tmp_path_factory: pytest.TempPathFactory
) -> None:
    scan = scan_of(tmp_path_factory.mktemp("raw"), data)
    try:
        read = read_quickly(scan)
    except NotQuickError:
        return
    try:
        careful = read_carefully(scan)
    except (BrokenFileError, AssertionError):
        pytest.fail(f"read quickly: {read.to_pylist()}")
    assert read.to_pylist() == careful.to_pylist()


def test_types_widen_in_later_blocks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(quick_delimited, "SAMPLE_ROWS", 2)
    monkeypatch.setattr(quick_delimited, "BLOCK_BYTES", 64)
    rows = [[str(number), "", "true"] for number in range(50)]
    rows += [["0.5", "7", "1"], ["", "8", ""]]
    read = read_quickly(scan_of(tmp_path, written(rows, ",", "\n")))
    assert [str(field.type) for field in read.schema] == ["double", "int64", "string"]
    assert read.to_pylist() == read_carefully(scan_of(tmp_path, written(rows, ",", "\n"))).to_pylist()


def test_the_byte_order_mark_is_no_name(tmp_path: Path) -> None:
    assert read_quickly(scan_of(tmp_path, b"\xef\xbb\xbfa,b\n1,2\n")).to_pylist() == [{"a": 1, "b": 2}]


@pytest.mark.parametrize(
    ("sample", "delimiter"),
    [
        ("a,b\n1,2\n", ","),
        ("a;b\n1,5;2,5\n", ";"),
        ("name, first;age\nX, Y;3\n", ";"),
        ("a\tb\n1,2,3\t4\n", "\t"),
        ('a,b\n"1;2;3","4;5;6"\n', ","),
        ("text\nhello\n", ","),
        ("a,b,c\n1,2\n", ","),
        ('a|b\n"x\ny|z"|2\n', "|"),
    ],
)
def test_the_separator_is_the_one_that_makes_even_rows(sample: str, delimiter: str) -> None:
    assert delimiter_of(sample) == delimiter
