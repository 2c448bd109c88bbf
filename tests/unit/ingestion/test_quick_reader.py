"""The quick reader gives what the careful one gives, or gives up."""

import json
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingestion.pipeline.readers import quick
from ingestion.pipeline.readers.base import Scan
from ingestion.pipeline.readers.jsonl import JsonLinesReader
from ingestion.pipeline.readers.quick import NotQuickError, QuickJsonLines
from tests.unit.ingestion.reads import carefully, quickly, scan_of

NAMES = st.sampled_from(["a", "b", "c", "d"])
NUMBERS = st.integers(-(2**63), 2**63 - 1) | st.floats(allow_nan=False, allow_infinity=False)
PLAIN = st.none() | st.booleans() | st.text(st.characters(exclude_categories=["Cs"]), max_size=5) | NUMBERS
VALUES = PLAIN | st.lists(st.integers(0, 9), max_size=3) | st.dictionaries(NAMES, st.integers(0, 9), min_size=1)
ROWS = st.lists(st.dictionaries(NAMES, VALUES, max_size=4), min_size=1, max_size=20)
ODD = [
    b'{"a": 1}{"a": 2}\n',
    b'{"a": NaN}\n{"a": 1.5}\n',
    b'{"a": [1.5, Infinity]}\n',
    b'{"a": "\xff"}\n',
    b'{"a": "\\ud800"}\n',
    b'{"a": 1, "a": 2}\n',
    b"[1]\n",
    b'{"a": 1,}\n',
    b'{"a": 12345678901234567890}\n',
    b'{"record_id": 1}\n',
    b'{"a": 1}\n{"a": "x"}\n',
    b"{}\n",
]
read_quickly, read_carefully = partial(quickly, QuickJsonLines), partial(carefully, JsonLinesReader)


@settings(max_examples=300)
@given(rows=ROWS, ascii_only=st.booleans(), end=st.sampled_from(["\n", "\r\n", "\n\n"]))
def test_the_same_rows_or_none(
    rows: list[dict[str, Any]], ascii_only: bool, end: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    data = "".join(json.dumps(row, ensure_ascii=ascii_only) + end for row in rows).encode()
    folder = tmp_path_factory.mktemp("rows")
    try:
        read = read_quickly(scan_of(folder, data))
    except NotQuickError:
        return
    careful = read_carefully(scan_of(folder, data))
    assert read.schema.equals(careful.schema)
    assert read.to_pylist() == careful.to_pylist()


@pytest.mark.parametrize("data", ODD, ids=[str(number) for number in range(len(ODD))])
def test_what_is_unusual_is_left_to_the_careful_reader(data: bytes, tmp_path: Path) -> None:
    with pytest.raises(NotQuickError):
        read_quickly(scan_of(tmp_path, data))


def test_columns_widen_when_later_blocks_hold_more(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(quick, "BLOCK_BYTES", 64)
    monkeypatch.setattr(quick, "SAMPLE_BYTES", 64)
    rows = [{"a": number} for number in range(20)] + [{"a": 0.5, "late": "x"}, {"late": None}]
    read = read_quickly(scan_of(tmp_path, b"".join(json.dumps(row).encode() + b"\n" for row in rows)))
    assert {field.name: str(field.type) for field in read.schema} == {"a": "double", "late": "string"}
    assert read["a"].to_pylist() == [*map(float, range(20)), 0.5, None]


def test_a_piece_is_only_its_lines(tmp_path: Path) -> None:
    scan = scan_of(tmp_path, b'{"a": 1}\n{"a": 2}\n{"a": 3}\n')
    piece = Scan(scan.path, scan.progress, begin=9, end=18)
    assert read_quickly(piece).to_pylist() == read_carefully(piece).to_pylist() == [{"a": 2}]


def test_all_pieces_guess_the_columns_of_the_beginning(tmp_path: Path) -> None:
    sample = tmp_path / "sample"
    sample.write_bytes(b'{"b": 1, "a": "x"}\n{"b": 2, "a"')
    scan = scan_of(tmp_path, b'{"a": "y", "b": 3}\n')
    piece = Scan(scan.path, scan.progress, sample=sample)
    assert read_quickly(piece).column_names == ["b", "a"]
