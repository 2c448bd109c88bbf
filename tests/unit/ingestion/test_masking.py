"""Examples in reports: readable where they may be, dots where they are somebody's."""

import pytest

from ingestion.domain.problems import Problem
from ingestion.pipeline.masking import masked, masked_problem

CARD = "4111 1111 1111 1111"
PLAIN = [
    '{"text": "ọjà àárọ̀", "n": 2}',
    "2026-05-01 12:30:00 | one | two",
    "صباح الخير، كيف نمت؟",
    '{"n": 9223372036854775808}',
    "clips/common_voice_12.wav",
    "logo is at the top",
    "",
]
HIDDEN = [
    ('{"mail": "ada@lovelace.io", "n": 1}', '{"mail": "•••@••••••••.••", "n": 1}'),
    ('{"mail": "ada@love', '{"mail": "•••@••••'),
    (f"card {CARD} of ours", "card •••• •••• •••• •••• of ours"),
    ("call +49 30 901820 now", "call +•• •• •••••• now"),
    ("token ghp_" + "a1B2" * 9 + " here", "token " + "•" * 40 + " here"),
    ("-----BEGIN RSA PRIVATE KEY-----\nMIIB", "-----••••• ••• ••••••• •••-----\n••••"),
]


@pytest.mark.parametrize("text", PLAIN)
def test_what_is_nobodys_stays_as_it_is(text: str) -> None:
    assert masked(text) == text


@pytest.mark.parametrize(("text", "shown"), HIDDEN)
def test_what_is_somebodys_becomes_dots(text: str, shown: str) -> None:
    assert masked(text) == shown


def test_a_number_that_an_example_was_cut_in_is_hidden() -> None:
    assert masked("x " * 55 + "+49 30 90") == "x " * 55 + "+•• •• ••"
    assert masked("x " * 55 + "hf_abcdefghijk") == "x " * 55 + "•" * 14
    assert masked("one word after another " * 5) == "one word after another " * 5


def test_a_long_text_takes_no_long_time() -> None:
    """A pattern that goes back and forth would never end on these."""
    for text in ("a" * 500, "@" * 500, "-" * 500, "a1" * 250, "a@" * 250, "+" * 500):
        assert len(masked(text)) == 500


def test_what_cannot_be_written_as_utf8_is_no_obstacle() -> None:
    assert masked("\ud800 a@b.de") == "\ud800 •@•.••"


def test_a_problem_keeps_its_place_and_what_to_do() -> None:
    problem = Problem(
        "code", "“ada@lovelace.io” is no number.", "Fix ada.", row=7, column="n", example="ada@lovelace.io"
    )
    shown = masked_problem(problem)
    assert (shown.message, shown.example) == ("“•••@••••••••.••” is no number.", "•••@••••••••.••")
    assert (shown.code, shown.action, shown.row, shown.column) == ("code", "Fix ada.", 7, "n")
