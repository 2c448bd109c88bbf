"""Short names from names in any script."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collective.accounts.domain.slugs import LONGEST, RESERVED, is_usable, slug_candidates, slug_from_name


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Ana María Núñez", "ana-maria-nunez"),
        ("  O'Brien & Sons  ", "o-brien-sons"),
        ("ﬁnance", "finance"),
        ("አበበ በቂላ", ""),
        ("王小明", ""),
        ("محمد", ""),
        ("🙂", ""),
        ("admin", ""),
        ("API", ""),
        ("2024", ""),
        ("a", ""),
    ],
)
def test_slug_from_name(name: str, slug: str) -> None:
    assert slug_from_name(name) == slug


def test_a_name_without_latin_letters_gets_a_neutral_slug() -> None:
    assert all(re.fullmatch(r"member-[0-9a-f]{6}", slug) for slug in slug_candidates("王小明", fallback="member"))


def test_the_plain_name_is_tried_first_and_then_numbered_ones() -> None:
    first, *others = slug_candidates("Ana", fallback="member")
    assert first == "ana"
    assert others
    assert all(re.fullmatch(r"ana-[0-9a-f]{6}", slug) for slug in others)


@given(st.text(max_size=300))
def test_every_candidate_can_stand_in_an_address(name: str) -> None:
    for slug in slug_candidates(name, fallback="member"):
        assert is_usable(slug)
        assert len(slug) <= LONGEST


def test_what_a_slug_may_not_be() -> None:
    refused = ["", "a", "-ab", "ab-", "a--b", "Ab", "a_b", "a.b", "ü", "a" * 51, "ab\n", *RESERVED]
    assert [slug for slug in refused if is_usable(slug)] == []
