"""Layouts: where a record lies follows from the record alone, and nothing straddles splits that must not."""

import re
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from collective.core.errors import DomainError
from ingestion.domain.splitting import (
    ConfigRule,
    Layout,
    SplitRule,
    bucket_of_group,
    check_columns,
    check_places,
    config_of_value,
    in_order,
    shard_paths,
    split_of_value,
)
from ingestion.pipeline.laying_out import Assigner, layout_columns
from ingestion.pipeline.records import RecordIds, id_column
from ingestion.pipeline.schema import MEDIA, with_feature

HASHED = Layout(SplitRule("hash", "", (80, 10, 10)))
GROUPED = Layout(SplitRule("group", "speaker", (80, 10, 10)), ConfigRule("column", "language"))
texts = st.text(st.characters(codec="utf-8"), max_size=10)


def batch_of(speakers: list[str | None], seed: str = "a", **columns: list[Any]) -> pa.RecordBatch:
    ids = id_column(RecordIds(seed).take(len(speakers)))
    languages = columns.get("language", ["sw"] * len(speakers))
    arrays = [ids, pa.array(speakers, pa.string()), pa.array(languages, pa.string())]
    return pa.record_batch(arrays, ["record_id", "speaker", "language"])


def places_of(layout: Layout, batch: pa.RecordBatch) -> list[tuple[str, str]]:
    configs, splits = Assigner(layout).assign(batch)
    return list(zip(configs.to_pylist(), splits.to_pylist(), strict=True))


def test_without_rules_all_is_for_training() -> None:
    assert places_of(Layout(), batch_of(["x", None])) == [("default", "train")] * 2


@given(st.lists(st.none() | texts, min_size=1, max_size=30), st.integers(0, 30), st.sampled_from([HASHED, GROUPED]))
def test_adding_records_never_moves_one(speakers: list[str | None], count: int, layout: Layout) -> None:
    whole = batch_of(speakers)
    before = whole.slice(0, min(count, len(speakers)))
    assert places_of(layout, before) == places_of(layout, whole)[: before.num_rows]
    assert places_of(layout, whole.slice(before.num_rows)) == places_of(layout, whole)[before.num_rows :]


@given(st.lists(texts, min_size=1, max_size=60))
def test_no_group_straddles_splits(speakers: list[str]) -> None:
    found: dict[str, set[str]] = {}
    for seed in ("one contribution", "another"):
        for speaker, (_, split) in zip(speakers, places_of(GROUPED, batch_of(list(speakers), seed)), strict=True):
            found.setdefault(speaker, set()).add(split)
    assert all(len(splits) == 1 for splits in found.values())


def test_shares_are_kept_and_records_without_a_group_are_spread() -> None:
    for layout in (HASHED, GROUPED):
        splits = [split for _, split in places_of(layout, batch_of([None] * 20_000))]
        counts = [splits.count(name) / len(splits) for name in ("train", "validation", "test")]
        assert [round(count, 2) for count in counts] == [0.8, 0.1, 0.1]


def test_a_place_is_the_same_on_every_machine() -> None:
    assert [bucket_of_group(name) for name in ("", "Amina", "Ọjà")] == [88, 49, 58]
    ids = pa.array(["00000000" + "f" * 24, "cccccccb" + "0" * 24, "e6666667" + "0" * 24, "f" * 32])
    batch = pa.record_batch([ids], ["record_id"])
    assert [split for _, split in places_of(HASHED, batch)] == ["train", "train", "test", "test"]


@pytest.mark.parametrize(
    ("word", "split"),
    [
        ("train", "train"),
        (" DEV ", "validation"),
        ("val", "validation"),
        ("eval", "validation"),
        ("Test", "test"),
        (None, "train"),
        ("", "train"),
        ("---", "train"),
        ("test-clean", "test_clean"),
        ("invalidated", "invalidated"),
        ("../test", "test"),
    ],
)
def test_words_for_splits(word: str | None, split: str) -> None:
    assert split_of_value(word) == split


@given(st.none() | texts)
def test_names_of_configs_and_splits_are_names_of_folders_and_files(value: str | None) -> None:
    assert re.fullmatch(r"\w+(\.\w+)*", split_of_value(value))
    config = config_of_value(value)
    assert 0 < len(config) <= 60
    assert not set(config) & set('<>:/\\|?*[]{}." \n\x00')
    assert config_of_value(config) == config


def test_configs_keep_their_script() -> None:
    assert [config_of_value(name) for name in ("pt-BR", "हिन्दी", "a/b", "..", None)] == [
        "pt-BR",
        "हिन्दी",
        "a_b",
        "default",
        "default",
    ]


def test_batches_are_divided_without_losing_a_row() -> None:
    batch = batch_of(["x", "y", None, "x"], language=["sw", "yo", "sw", None])
    divided = list(Assigner(GROUPED).divide(batch))
    assert sum(part.num_rows for _, part in divided) == 4
    for place, part in divided:
        assert set(places_of(GROUPED, part)) == {place}
    assert [place for place, _ in Assigner(Layout()).divide(batch)] == [("default", "train")]


def test_columns_of_numbers_and_truths_can_say_it() -> None:
    batch = pa.record_batch([pa.array([1, 2]), pa.array([True, None])], ["fold", "held_out"])
    assert places_of(Layout(SplitRule("column", "held_out"), ConfigRule("column", "fold")), batch) == [
        ("1", "true"),
        ("2", "train"),
    ]
    schema = batch.schema.append(with_feature(pa.field("audio", MEDIA), {"_type": "Audio"}))
    assert layout_columns(schema.append(pa.field("tags", pa.list_(pa.string())))) == ["fold", "held_out"]


@pytest.mark.parametrize("layout", [Layout(), HASHED, GROUPED, Layout(SplitRule("column", "s"))])
def test_layouts_survive_json(layout: Layout) -> None:
    assert Layout.from_json(layout.as_json()) == layout


@pytest.mark.parametrize(
    ("data", "code"),
    [
        ({"split": {"kind": "magic"}}, "layout_invalid"),
        ({"split": {"kind": "column"}}, "layout_invalid"),
        ({"split": {"kind": "column", "column": 5}}, "layout_invalid"),
        ({"config": {"kind": "hash"}}, "layout_invalid"),
        ({"split": {"kind": "hash", "shares": [80, 10]}}, "layout_invalid"),
        ({"split": {"kind": "hash", "shares": [110, -10, 0]}}, "layout_invalid"),
        ({"split": {"kind": "hash", "shares": [0, 0, 100]}}, "layout_invalid"),
        ({"split": {"kind": "hash", "shares": [80, 10, 11]}}, "layout_shares_not_whole"),
    ],
)
def test_a_layout_that_makes_no_sense_is_refused_in_words(data: dict[str, Any], code: str) -> None:
    with pytest.raises(DomainError) as refusal:
        Layout.from_json(data)
    assert refusal.value.code == code


def test_what_comes_of_a_layout_is_checked() -> None:
    check_columns(GROUPED, ["speaker", "language"])
    check_places(HASHED, {("default", name): 1 for name in ("train", "validation", "test")})
    refused: list[tuple[str, Any]] = [
        ("layout_column_missing", lambda: check_columns(GROUPED, ["speaker"])),
        ("layout_empty_split", lambda: check_places(HASHED, {("default", "train"): 5})),
        ("layout_too_many_configs", lambda: check_places(GROUPED, {(str(n), "train"): 1 for n in range(101)})),
        ("layout_too_many_splits", lambda: check_places(Layout(), {("default", str(n)): 1 for n in range(21)})),
    ]
    for code, check in refused:
        with pytest.raises(DomainError) as refusal:
            check()
        assert refusal.value.code == code


def test_shards_are_numbered_inside_their_config_and_split() -> None:
    assert shard_paths([("en", "train"), ("en", "test"), ("en", "train"), ("sw", "train")]) == [
        "en/train-00000-of-00002.parquet",
        "en/test-00000-of-00001.parquet",
        "en/train-00001-of-00002.parquet",
        "sw/train-00000-of-00001.parquet",
    ]
    assert in_order(["zulu", "test", "train", "validation", "test"]) == ["train", "validation", "test", "zulu"]
