"""Columns and records of a preview, as the viewer's clients read them."""

from typing import Any

from collective.interop.viewer.features import feature_list, features_of, row_of

AUDIO = {"_type": "Audio", "sampling_rate": 16000}
COLUMNS: list[dict[str, Any]] = [
    {"name": "text", "dtype": "string", "feature": {"_type": "Value", "dtype": "string"}},
    {"name": "clip", "dtype": "audio", "feature": AUDIO},
    {"name": "page", "dtype": "image"},
    {"name": "facts", "dtype": "struct", "feature": {"tags": {"_type": "Sequence", "feature": {}}}},
    {"name": "n", "dtype": "int64"},
]
SAMPLE = {"sha256": "a" * 64, "media_type": "audio/flac", "size": 10}


def row(**record: Any) -> dict[str, Any]:
    return row_of(record, COLUMNS, 3, lambda sha256: f"/sample/{sha256[:2]}")


def test_features() -> None:
    features = features_of(COLUMNS)
    assert features["clip"] == AUDIO
    assert features["page"] == {"_type": "Image"}
    assert features["n"] == {"_type": "Value", "dtype": "int64"}
    assert feature_list(COLUMNS)[1] == {"feature_idx": 1, "name": "clip", "type": AUDIO}


def test_plain_values_come_as_they_are() -> None:
    assert row(text="hello", n=5, facts={"tags": ["a"]}) == {
        "row_idx": 3,
        "row": {"text": "hello", "clip": None, "page": None, "facts": {"tags": ["a"]}, "n": 5},
        "truncated_cells": [],
    }


def test_what_was_cut_is_named() -> None:
    assert row(text="A long sentenc…")["truncated_cells"] == ["text"]
    assert row(facts={"tags": ["short", "lon…"]})["truncated_cells"] == ["facts"]


def test_media_come_as_excerpts_or_not_at_all() -> None:
    clip = {"_type": "audio", "path": "a.wav", "bytes": 100, "seconds": 1.0}
    shown = row(clip={**clip, "sample": SAMPLE}, page={"width": 2, "height": 3, "sample": SAMPLE})
    assert shown["row"]["clip"] == [{"src": "/sample/aa", "type": "audio/flac"}]
    assert shown["row"]["page"] == {"src": "/sample/aa", "height": 3, "width": 2}
    bare = row(clip=clip)
    assert (bare["row"]["clip"], bare["truncated_cells"]) == (None, ["clip"])
