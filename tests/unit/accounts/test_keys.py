"""The form of API keys: what is one, and what is refused before anybody looks it up."""

import hashlib
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collective.accounts.domain.keys import ALPHABET, checksum, make_key, parse_key

KEY = "dck_live_AAAAAAAA_" + "b" * 43 + "_" + checksum("dck_live_AAAAAAAA_" + "b" * 43)


def test_a_new_key_parses_back_to_its_parts() -> None:
    parts = make_key()
    assert parse_key(parts.plaintext) == parts
    assert len(parts.plaintext) == len("dck_live_") + 8 + 1 + 43 + 1 + 8


def test_only_the_hash_of_the_secret_is_kept_and_compared() -> None:
    parts = make_key()
    assert parts.secret_sha256 == hashlib.sha256(parts.secret.encode()).hexdigest()
    assert parts.matches(parts.secret_sha256)
    assert not make_key().matches(parts.secret_sha256)


def test_two_keys_differ_in_id_and_secret() -> None:
    first, second = make_key(), make_key()
    assert first.id != second.id
    assert first.secret != second.secret


@given(position=st.integers(0, len(KEY) - 1), other=st.sampled_from(ALPHABET + string.punctuation))
def test_one_changed_character_is_noticed(position: int, other: str) -> None:
    if KEY[position] != other:
        assert parse_key(KEY[:position] + other + KEY[position + 1 :]) is None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "dck_live_",
        KEY[:-1],
        KEY + "0",
        f" {KEY}",
        f"{KEY}\n",
        KEY.upper(),
        KEY.replace("live", "test"),
        "é" * 70,
        "\0",
    ],
)
def test_what_is_no_key(text: str) -> None:
    assert parse_key(text) is None


@given(st.text(max_size=200))
def test_no_text_breaks_the_parser(text: str) -> None:
    assert parse_key(text) is None or text.startswith("dck_live_")
