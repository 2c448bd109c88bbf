"""Empty texts, columns and constants."""

import pyarrow as pa
import pytest

from ingestion.domain.findings import Finding, of_whole
from tests.unit.ingestion.checks.seeing import findings_in, found, found_in

SPACES = "\t\n\v\f\r\x1c\x1d\x1e\x1f \x85\xa0\u1680\u2000\u200a\u2028\u2029\u202f\u205f\u3000"


@pytest.mark.parametrize("blank", ["", " ", "\n\t ", SPACES, *SPACES])
def test_a_text_of_nothing_is_empty(blank: str) -> None:
    assert found_in(["words", blank, "more"], "empties") == {"empty_text": (2,)}


@pytest.mark.parametrize("text", ["x", " x", "\u200b", "\ufeff", "“", "\u2013", "ა", "。", "Â", "\x00"])
def test_a_text_of_something_is_not(text: str) -> None:
    assert found_in(["words", text], "empties") == {}


def test_no_value_is_not_an_empty_text() -> None:
    assert found("empties", a=[None, "x", None], b=[1, 2, 3]) == {}


def test_columns_without_values_and_with_one() -> None:
    columns = {
        "n": pa.nulls(3, pa.int64()),
        "t": pa.nulls(3),
        "one": [7, 7, 7],
        "same": ["a"] * 3,
        "some": [1, None, 1],
    }
    assert found("empties", **columns, differ=["a", "a", "b"]) == {
        ("null_column", "n"): (),
        ("null_column", "t"): (),
        ("constant_column", "one"): (),
        ("constant_column", "same"): (),
    }


def test_one_row_is_not_a_constant() -> None:
    assert found("empties", a=[1]) == {}


def test_what_is_true_of_a_piece_is_not_yet_true_of_the_whole() -> None:
    first = findings_in(pa.table({"a": pa.nulls(2, pa.string()), "b": ["x", "x"], "c": [None, None]}))
    second = findings_in(pa.table({"a": ["x", "y"], "b": ["z", "z"], "c": [None, None]}))
    assert of_whole([*first, *second], 4) == [Finding("empties", "null_column", "warning", "c", 4)]
    assert of_whole(first, 2) == sorted(first, key=lambda each: each.kind)
