"""How files are cut, and how their names are shown."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingestion.domain.names import display_name, name_key
from ingestion.domain.parts import MIB, MOST_PARTS, part_count, part_length, part_size_for


@given(st.integers(1, 200 * 1024**3))
def test_parts_are_whole_mebibytes_few_enough_and_add_up(size: int) -> None:
    part = part_size_for(size, least=16 * MIB)
    count = part_count(size, part)
    assert part % MIB == 0
    assert part >= 16 * MIB
    assert count <= MOST_PARTS
    assert part * (count - 1) + part_length(size, part, count) == size


@pytest.mark.parametrize("number", [0, 3, -1])
def test_there_is_no_part_outside_the_file(number: int) -> None:
    with pytest.raises(ValueError, match=f"part {number} of 2"):
        part_length(20 * MIB, 16 * MIB, number)


@pytest.mark.parametrize(
    ("given_name", "shown"),
    [
        ("../../etc/passwd", "etc/passwd"),
        ("C:\\x\\voices.zip", "x/voices.zip"),
        ("clips//./a.wav", "clips/a.wav"),
        ("/a/\u202e../b.wav", "a/b.wav"),
        ("a\x00b.csv", "ab.csv"),
        ("\u202egpj.exe", "gpj.exe"),
        (".htaccess", "htaccess"),
        ("...", "file"),
        ("", "file"),
        ("Ẹ́kọ̀ọ́ ‌می.csv", "Ẹ́kọ̀ọ́ ‌می.csv"),
        ("e\u0301.csv", "é.csv"),
    ],
)
def test_a_name_is_shown_without_what_could_mislead(given_name: str, shown: str) -> None:
    assert display_name(given_name) == shown


def test_a_long_name_keeps_its_ending() -> None:
    shown = display_name("x" * 10_000 + ".parquet")
    assert len(shown) == 200
    assert shown.endswith("x.parquet")


def test_twins_have_one_key() -> None:
    assert name_key("É.csv") == name_key("e\u0301.CSV")
    assert name_key("a.csv") != name_key("b.csv")
