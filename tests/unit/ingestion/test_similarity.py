"""Which texts are nearly the same: the definition in plain Python, and the same for whole columns."""

from random import Random

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingestion.domain.differences import Run, differences
from ingestion.domain.similarity import BANDS, LEAST_CHARACTERS, SIMILAR, fold_character, folded, shingles, similarity
from ingestion.pipeline import minhash
from ingestion.pipeline.comparable import longest_texts
from ingestion.pipeline.minhash import band_keys

LETTERS = "abcdefghijklmnopqrstuvwxyzаеиоуแกขคง的一是不了人"


def text_of(seed: int, length: int = 300) -> str:
    return "".join(Random(seed).choices(LETTERS, k=length))


def keys(*texts: str | None) -> np.ndarray:
    return band_keys(pa.array(texts, pa.large_string()))[1]


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("Ça va, Zoë?\n", "cavazoe"),
        ("C\u0327a va", "cava"),
        ("ＦＵＬＬ　ｗｉｄｔｈ", "fullwidth"),
        ("ข้าวผัด", "ข้าวผัด"),
        ("नमस्ते", "नमस्ते"),
        ("한국어 문장", "한국어문장"),
        ("𠮷野家🙂", "𠮷野家"),
        ("— … ! \t", ""),
    ],
)
def test_folding_takes_away_what_people_write_differently(text: str, plain: str) -> None:
    assert folded(text) == plain


def test_folding_twice_is_folding_once() -> None:
    once = [fold_character(chr(code)) for code in range(0x20000) if not 0xD800 <= code < 0xE000]
    assert [fold_character(each) if each else "" for each in once] == once


def test_similarity_is_the_share_of_common_shingles() -> None:
    left, right = frozenset("abcd"), frozenset("cdef")
    assert similarity(left, right) == 333
    assert similarity(left, left) == 1000
    assert similarity(left, frozenset()) == similarity(frozenset(), frozenset()) == 0


def test_short_texts_are_not_compared() -> None:
    long, short = text_of(1, LEAST_CHARACTERS), text_of(1, LEAST_CHARACTERS - 1)
    assert len(shingles(long)) > 0
    assert shingles(short) == frozenset()
    rows, found = band_keys(pa.array([short, long, None, "", short + " ! "], pa.large_string()))
    assert (rows.tolist(), found.shape) == ([1], (1, BANDS))
    assert band_keys(pa.array([], pa.large_string()))[1].shape == (0, BANDS)


@given(st.lists(st.text(max_size=400), max_size=8))
def test_the_table_folds_as_the_definition_does(texts: list[str]) -> None:
    rows, found = band_keys(pa.array(texts, pa.large_string()))
    plain = [folded(text) for text in texts]
    assert rows.tolist() == [row for row, text in enumerate(plain) if len(text) >= LEAST_CHARACTERS]
    again = [keys(plain[row])[0].tolist() for row in rows]
    assert found.tolist() == again


def test_keys_do_not_depend_on_the_batch(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = [text_of(seed, 50 + 40 * seed) for seed in range(10)]
    whole = keys(*texts)
    monkeypatch.setattr(minhash, "RUN_CHARACTERS", 200)
    assert (keys(*texts) == whole).all()
    assert np.concatenate([keys(text) for text in texts]).tolist() == whole.tolist()


def test_keys_stay_the_same_for_years() -> None:
    """They are in the database of every instance: a library that hashes otherwise would find nothing there."""
    found = keys("The quick brown fox jumps over the lazy dog. " * 3)[0]
    assert (found[0], found[-1]) == (-6417125195176214033, -1402576154111541020)


def test_similar_texts_share_a_band_and_others_do_not() -> None:
    missed = strangers = 0
    for seed in range(200):
        text = text_of(seed)
        edited = text[:100] + text_of(seed + 1000, 20) + text[120:]
        assert similarity(shingles(text), shingles(edited)) >= SIMILAR
        one, other, third = keys(text, edited, text_of(seed + 2000))
        missed += not (one == other).any()
        strangers += bool((one == third).any())
    assert missed <= 4
    assert strangers == 0


def test_the_longest_text_of_a_record_is_compared() -> None:
    turns = pa.array([[{"say": "ab"}, {"say": "cd"}], None, [{"say": None}]])
    columns = {"title": ["one", None, "longer"], "turns": turns, "number": [1, 2, 3]}
    batch = pa.record_batch(columns)
    assert [each or "" for each in longest_texts(batch).to_pylist()] == ["abcd", "", "longer"]
    assert [each or "" for each in longest_texts(batch.slice(1)).to_pylist()] == ["", "longer"]
    assert longest_texts(pa.record_batch({"number": [1, 2]})).to_pylist() == [None, None]


def test_what_differs_is_marked_by_words_and_where_there_are_none_by_characters() -> None:
    left, right = differences("the old house by the sea", "the new house by the sea")
    assert left == [Run("the ", differs=False), Run("old", differs=True), Run(" house by the sea", differs=False)]
    assert right[1] == Run("new", differs=True)
    left, _ = differences("天还没亮路上就挤满了人，下游的村庄", "天还没黑路上就挤满了人，下游的村庄")
    assert left[1] == Run("亮", differs=True)
