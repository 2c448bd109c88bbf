"""The loader's document: what it says of columns, parts and configs."""

from typing import Any

import pytest
import yaml

from collective.interop.mdc.archive.layout import Layout
from collective.interop.mdc.schema import as_yaml, loader_schema

pytestmark = pytest.mark.once


def column(name: str, dtype: str = "string", kind: str = "Value") -> dict[str, Any]:
    return {"name": name, "dtype": dtype, "feature": {"_type": kind}}


def schema(layout: Layout, task: str = "OTH") -> dict[str, Any]:
    return dict(yaml.safe_load(as_yaml(loader_schema(layout, dataset_id="d1", task=task))))


def test_one_config_is_one_index() -> None:
    made = schema(Layout(("en",), ("train", "test"), (column("text"), column("n", "int64"), column("x", "float32"))))
    assert made == {
        "dataset_id": "d1",
        "task": "OTH",
        "root_strategy": "index",
        "index_file": "index.csv",
        "format": "csv",
        "encoding": "utf-8",
        "quoting": "minimal",
        "strict": True,
        "splits": ["train", "test"],
        "columns": {
            "text": {"source_column": "text", "dtype": "string"},
            "n": {"source_column": "n", "dtype": "int"},
            "x": {"source_column": "x", "dtype": "float"},
            "record_id": {"source_column": "record_id", "dtype": "string", "optional": True},
            "split": {"source_column": "split", "dtype": "category"},
        },
    }


def test_several_configs_are_sections_whose_columns_may_differ() -> None:
    made = schema(Layout(("en", "fr"), ("train",), (column("text"),)))
    assert made["root_strategy"] == "multi_sections"
    assert (made["sections"], made["section_root"]) == (["en", "fr"], "data")
    assert made["columns"]["text"]["optional"] is True
    assert "splits" not in made


def test_speech_has_the_loaders_own_names() -> None:
    layout = Layout(("en",), ("train",), (column("clip", "audio", "Audio"), column("sentence")))
    columns = schema(layout, "ASR")["columns"]
    assert columns["audio_path"] == {"source_column": "clip", "dtype": "file_path"}
    assert columns["transcription"] == {"source_column": "sentence", "dtype": "string"}
    assert set(schema(layout, "CV")["columns"]) == {"clip", "sentence", "record_id", "split"}


def test_a_column_of_the_name_that_we_add_is_kept() -> None:
    made = schema(Layout(("en",), ("train", "test"), (column("split"),)))
    assert set(made["columns"]) == {"split", "record_id", "version_split"}
    assert "splits" not in made
