"""What the files of a version say of its configs and splits, read as clients read it."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import mlcroissant
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import yaml
from datasets import get_dataset_config_names, get_dataset_default_config_name, load_dataset

from ingestion.domain.splitting import Place, shard_paths
from ingestion.pipeline.documents import DataFile, Described, commit_id_of, croissant, manifest, readme

SCHEMA = pa.schema([("record_id", pa.string()), ("text", pa.string())])
ABOUT = Described(
    repo_id="acme/voices",
    url="https://data.example/datasets/acme/voices/",
    title="Voices",
    summary="Spoken greetings.",
    card="",
    languages=["en", "sw"],
    task="",
    version="1.0.0",
    opened_at=datetime(2026, 1, 2, tzinfo=UTC),
    license="CC0-1.0",
    rows=5,
)
PLACES = [("en", "train"), ("en", "train"), ("en", "test"), ("en", "extra"), ("sw", "train")]


def files_at(places: list[Place]) -> list[DataFile]:
    return [
        DataFile(path, *place, f"{number:064x}", f"{number:040x}", 10, 1, 1)
        for number, (path, place) in enumerate(zip(shard_paths(places), places, strict=True))
    ]


def header_of(places: list[Place]) -> dict[str, Any]:
    text = readme(ABOUT, SCHEMA, files_at(places)).decode()
    assert "&id" not in text
    header: dict[str, Any] = yaml.safe_load(text.removeprefix("---\n").split("---\n", 1)[0])
    return header


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A downloaded version: each file holds one record, which says where it lies."""
    data = files_at(PLACES)
    for file in data:
        path = tmp_path / file.path
        path.parent.mkdir(exist_ok=True)
        pq.write_table(pa.table({"record_id": [file.path], "text": [f"{file.config} {file.split}"]}), path)
    (tmp_path / "README.md").write_bytes(readme(ABOUT, SCHEMA, data))
    (tmp_path / "croissant.json").write_bytes(croissant(ABOUT, SCHEMA, data))
    return tmp_path


def test_the_card_names_configs_and_splits_in_order() -> None:
    header = header_of(PLACES)
    assert header["configs"] == [
        {
            "config_name": "en",
            "default": True,
            "data_files": [
                {"split": "train", "path": "en/train-*.parquet"},
                {"split": "test", "path": "en/test-*.parquet"},
                {"split": "extra", "path": "en/extra-*.parquet"},
            ],
        },
        {"config_name": "sw", "data_files": [{"split": "train", "path": "sw/train-*.parquet"}]},
    ]
    features = [{"name": "record_id", "dtype": "string"}, {"name": "text", "dtype": "string"}]
    assert header["dataset_info"] == [{"config_name": name, "features": features} for name in ("en", "sw")]


def test_datasets_finds_every_config_and_split(folder: Path) -> None:
    assert get_dataset_config_names(str(folder)) == ["en", "sw"]
    assert get_dataset_default_config_name(str(folder)) == "en"
    loaded = load_dataset(str(folder), "en", cache_dir=str(folder / "cache"))
    assert {name: split["text"][:] for name, split in loaded.items()} == {
        "train": ["en train", "en train"],
        "test": ["en test"],
        "extra": ["en extra"],
    }


def test_croissant_iterates_and_says_each_records_split(folder: Path) -> None:
    found = mlcroissant.Dataset(jsonld=str(folder / "croissant.json"))
    assert not found.metadata.issues.errors
    records = [{name: value.decode() for name, value in record.items()} for record in found.records("en")]
    assert sorted((record["en/split"], record["en/text"]) for record in records) == [
        ("extra", "en extra"),
        ("test", "en test"),
        ("train", "en train"),
        ("train", "en train"),
    ]
    assert [record["sw/text"] for record in found.records("sw")] == [b"sw train"]
    names = [record["en-splits/name"] for record in found.records("en-splits")]
    assert names == ["train", "test", "extra"]


def test_the_manifest_places_every_file() -> None:
    data, texts = files_at(PLACES), {"README.md": b"about"}
    commit = commit_id_of(data, texts)
    told = json.loads(manifest(ABOUT, commit_id=commit, merkle_root="r", data=data, texts=texts))
    placed = [(each["config"], each["split"], each["path"]) for each in told["files"] if "config" in each]
    assert placed == [(file.config, file.split, file.path) for file in data]
    assert [each["path"] for each in told["files"]][-1] == "README.md"
    assert commit == commit_id_of(list(reversed(data)), texts)
    assert commit != commit_id_of(data[1:], texts)
