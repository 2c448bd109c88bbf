"""Which texts are nearly the same: the definition in plain Python, and the same for whole columns."""

from random import Random

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingestion.domain.differences import Run, differences
from ingestion.domain.similarity import BANDS, LEAST_CHARACTERS, SHARED_BANDS, fold_character, similarity
from ingestion.pipeline import shingles as pipeline_shingles
from ingestion.pipeline.comparable import longest_texts
from ingestion.pipeline.minhash import band_keys
from ingestion.pipeline.shingles import shingle_sets
from tests.unit.ingestion.plain_similarity import folded, per_mille, shingles

LETTERS = "abcdefghijklmnopqrstuvwxyzаеиоуแกขคง的一是不了人"


def text_of(seed: int, length: int = 300) -> str:
    return "".join(Random(seed).choices(LETTERS, k=length))


def planted(alike: int, pairs: int = 2000) -> tuple[list[str], list[str]]:
    """Pairs of texts that begin with the same characters and end differently, with `alike` per mille in common.

    A text of n characters has n - 4 shingles, of which the first c are common: c / (2 (n - 4) - c) = alike / 1000.
    """
    chance = np.random.default_rng(alike)
    length = 1004
    common = round(2 * (length - 4) * alike / (1000 + alike)) + 4
    letters = chance.integers(0x4E00, 0x9000, (pairs, 2 * length - common), dtype=np.uint32)
    left, ending = letters[:, :length], letters[:, length:]
    return _as_texts(left), _as_texts(np.concatenate([left[:, :common], ending], axis=1))


def _as_texts(letters: np.ndarray) -> list[str]:
    return [row.tobytes().decode("utf-32-le") for row in letters]


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
    assert similarity(4, 4, 2) == 333
    assert similarity(4, 4, 4) == 1000
    assert similarity(4, 0, 0) == similarity(0, 0, 0) == 0


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
    monkeypatch.setattr(pipeline_shingles, "RUN_CHARACTERS", 200)
    assert (keys(*texts) == whole).all()
    assert np.concatenate([keys(text) for text in texts]).tolist() == whole.tolist()


def test_keys_stay_the_same_for_years() -> None:
    """They are in the database of every instance: a library that hashes otherwise would find nothing there."""
    found = keys("The quick brown fox jumps over the lazy dog. " * 3)[0]
    assert (found[0], found[-1]) == (-6417125195176214033, -1402576154111541020)


@given(st.lists(st.text(max_size=200) | st.text("ab ", max_size=400), max_size=3))
def test_columns_have_as_many_shingles_in_common_as_the_definition_says(texts: list[str]) -> None:
    sets = shingle_sets(pa.array(texts, pa.large_string()))
    plain = {row: shingles(text) for row, text in enumerate(texts) if shingles(text)}
    assert {row: len(found) for row, found in sets.items()} == {row: len(found) for row, found in plain.items()}
    for row, found in sets.items():
        common = {other: len(np.intersect1d(found, sets[other])) for other in sets}
        assert common == {other: len(plain[row] & plain[other]) for other in plain}


@pytest.mark.parametrize(
    ("alike", "least", "most"),
    [(850, 0.98, 1), (800, 0.93, 0.97), (500, 0.015, 0.04), (300, 0, 0.002)],
)
def test_as_many_pairs_become_candidates_as_the_definition_says(alike: int, least: float, most: float) -> None:
    """Planted pairs of exactly this similarity, to a hundredth."""
    left, right = planted(alike)
    shared = (keys(*left) == keys(*right)).sum(axis=1)
    assert all(abs(per_mille(*pair) - alike) <= 10 for pair in zip(left[:50], right[:50], strict=True))
    assert least <= (shared >= SHARED_BANDS).mean() <= most


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
