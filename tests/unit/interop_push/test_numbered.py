"""Shards that say how many they are."""

import pytest

from collective.interop.hub.uploads.numbered import outdated

pytestmark = pytest.mark.once
THREE = [f"data/train-{number:05d}-of-00003.parquet" for number in range(3)]


@pytest.mark.parametrize(
    ("pushed", "gone"),
    [
        (["data/train-00000-of-00001.parquet"], THREE),
        (["data/train-00001-of-00003.parquet"], []),
        (["data/test-00000-of-00001.parquet"], []),
        (["other/train-00000-of-00001.parquet"], []),
        (["data/train-00000-of-00001.jsonl"], []),
        (["data/train.parquet"], []),
        ([], []),
        (["data/train-00000-of-00001.parquet", "data/train-00000-of-00003.parquet"], []),
    ],
)
def test_a_set_replaces_itself_and_nothing_else(pushed: list[str], gone: list[str]) -> None:
    assert outdated([*THREE, "data/train.parquet", "notes.txt"], pushed) == gone
