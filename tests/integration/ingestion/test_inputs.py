"""Every kind of input, end to end: through the child process into Parquet that `datasets` understands."""

import io
import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import datasets
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from collective.catalog.models import DatasetVersion
from collective.core.storage import published
from tests.factories import DatasetFactory
from tests.integration.ingestion.flow import accepted, published_version
from tests.unit.ingestion.makers import flac, jpeg, png, tarred, wav, zipped

# What a file says decides here, wherever it lies and whatever keeps the findings.
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.once]


def exported(version: DatasetVersion, folder: Path) -> Path:
    """The version's files in a folder, as a client downloads them."""
    for file in version.files.all():
        target = folder / file.path
        target.parent.mkdir(parents=True, exist_ok=True)
        with published().open(file.sha256) as stored:
            target.write_bytes(stored.read())
    return folder


def loaded(folder: Path, cache: Path) -> datasets.Dataset:
    return datasets.load_dataset(str(folder), split="train", cache_dir=str(cache))


def published_from(*files: tuple[str, bytes], modality: str = "text") -> DatasetVersion:
    dataset = DatasetFactory(modality=modality, languages=["sw"], summary="For a test.")
    accepted(dataset, *files)
    return published_version(dataset)


METADATA = b"file_name,speaker,digit\nb.wav,Ana,7\na.wav,Ben,3\n"


@pytest.mark.parametrize("pack", [zipped, tarred, lambda files: tarred(files, "w:gz")], ids=["zip", "tar", "tar.gz"])
def test_recordings(pack: Callable[[dict[str, bytes]], bytes], tmp_path: Path) -> None:
    files = {"data/a.wav": wav(0.2), "data/metadata.csv": METADATA, "data/b.wav": wav(0.1, pitch=600)}
    version = published_from(("voices.bin", pack(files)), modality="audio")

    rows = loaded(exported(version, tmp_path / "v"), tmp_path / "c")
    assert rows.features["audio"] == datasets.Audio(sampling_rate=8000)
    raw = rows.cast_column("audio", datasets.Audio(decode=False))
    assert [(row["audio"]["path"], row["speaker"], row["digit"]) for row in raw] == [
        ("a.wav", "Ben", 3),
        ("b.wav", "Ana", 7),
    ]
    assert [row["audio"]["bytes"] for row in raw] == [wav(0.2), wav(0.1, pitch=600)]
    assert version.statistics["seconds"] == 0.3
    preview = [record["audio"] for record in version.preview]
    assert preview[0].pop("sample")["media_type"] == "audio/flac"
    assert preview[0] == {
        "_type": "audio",
        "path": "a.wav",
        "bytes": len(wav(0.2)),
        "seconds": 0.2,
        "sampling_rate": 8000,
    }


def test_recordings_of_two_rates_name_none(tmp_path: Path) -> None:
    files = {"a.wav": wav(rate=8000), "b.flac": flac(rate=16000), "metadata.csv": b"file_name\na.wav\nb.flac\n"}
    version = published_from(("voices.zip", zipped(files)), modality="audio")
    assert loaded(exported(version, tmp_path / "v"), tmp_path / "c").features["audio"] == datasets.Audio()


def test_pictures_with_metadata_as_jsonl(tmp_path: Path) -> None:
    metadata = b'{"file_name": "x/a.png", "tags": ["red", "small"]}\n{"file_name": "b.jpg", "tags": []}\n'
    files = {"x/a.png": png(), "b.jpg": jpeg(9, 5), "metadata.jsonl": metadata}
    version = published_from(("pictures.zip", zipped(files)), modality="image")

    rows = loaded(exported(version, tmp_path / "v"), tmp_path / "c")
    assert rows.features["image"] == datasets.Image()
    assert [(row["image"].size, row["tags"]) for row in rows] == [((4, 3), ["red", "small"]), ((9, 5), [])]


def test_jsonl_with_nested_values(tmp_path: Path) -> None:
    lines = [
        {"text": "ሰላም", "tokens": ["a", "b"], "meta": {"n": 1}, "score": 1},
        {"text": "سلام", "tokens": [], "meta": {"n": 2, "by": "Ana"}, "score": 2.5},
        {"text": None, "extra": True},
    ]
    data = "\n".join(json.dumps(line, ensure_ascii=False) for line in lines).encode()
    version = published_from(("a.jsonl", data))
    rows = list(loaded(exported(version, tmp_path / "v"), tmp_path / "c").remove_columns("record_id"))
    assert rows == [
        {"text": "ሰላም", "tokens": ["a", "b"], "meta": {"n": 1, "by": None}, "score": 1.0, "extra": None},
        {"text": "سلام", "tokens": [], "meta": {"n": 2, "by": "Ana"}, "score": 2.5, "extra": None},
        {"text": None, "tokens": None, "meta": None, "score": None, "extra": True},
    ]


def test_tsv_reads_types_from_all_values(tmp_path: Path) -> None:
    data = b'code\tn\tx\tok\ttext\n007\t1\t1\ttrue\t"a\nb"\n8\t\t2.5\tfalse\t\n'
    version = published_from(("a.tsv", data))
    rows = list(loaded(exported(version, tmp_path / "v"), tmp_path / "c").remove_columns("record_id"))
    assert rows == [
        {"code": "007", "n": 1, "x": 1.0, "ok": True, "text": "a\nb"},
        {"code": "8", "n": None, "x": 2.5, "ok": False, "text": None},
    ]


def test_parquet_keeps_its_types(tmp_path: Path) -> None:
    table = pa.table(
        {
            "day": pa.array([date(2026, 11, 22), None]),
            "small": pa.array([1, 2], pa.int16()),
            "label": pa.array(["a", "b"]).dictionary_encode(),
            "vector": pa.array([[1.0, 2.0], []], pa.list_(pa.float32())),
        }
    )
    target = io.BytesIO()
    pq.write_table(table, target)
    version = published_from(("a.parquet", target.getvalue()))
    rows = loaded(exported(version, tmp_path / "v"), tmp_path / "c")
    assert str(rows.features["small"].dtype) == "int16"
    assert rows.remove_columns("record_id").to_list() == [
        {"day": date(2026, 11, 22), "small": 1, "label": "a", "vector": [1.0, 2.0]},
        {"day": None, "small": 2, "label": "b", "vector": []},
    ]


def test_parquet_with_recordings_is_read_as_recordings(tmp_path: Path) -> None:
    media = pa.struct([("bytes", pa.binary()), ("path", pa.string())])
    table = pa.table({"audio": pa.array([{"bytes": wav(), "path": "a.wav"}], media), "digit": [4]})
    target = io.BytesIO()
    pq.write_table(table, target)
    version = published_from(("a.parquet", target.getvalue()), modality="audio")
    assert loaded(exported(version, tmp_path / "v"), tmp_path / "c").features["audio"] == datasets.Audio(
        sampling_rate=8000
    )


def test_several_files_of_several_kinds_are_one_contribution(tmp_path: Path) -> None:
    version = published_from(("a.jsonl", b'{"text": "one", "n": 1}\n'), ("b.csv", b"n,text\n2.5,two\n"))
    rows = loaded(exported(version, tmp_path / "v"), tmp_path / "c").remove_columns("record_id").to_list()
    assert rows == [{"text": "one", "n": 1.0}, {"text": "two", "n": 2.5}]


def test_media_bytes_are_stored_plain_and_the_rest_compressed() -> None:
    files = {"a.wav": wav(), "metadata.csv": b"file_name,text\na.wav,hello\n"}
    version = published_from(("voices.zip", zipped(files)), modality="audio")
    with published().open(version.files.get(kind="data").sha256) as stored:
        group = pq.ParquetFile(stored).metadata.row_group(0)
        columns: dict[str, Any] = {group.column(n).path_in_schema: group.column(n) for n in range(group.num_columns)}
    assert columns["audio.bytes"].compression == "UNCOMPRESSED"
    assert "RLE_DICTIONARY" not in columns["audio.bytes"].encodings
    assert columns["text"].compression == "ZSTD"
    assert columns["text"].has_offset_index


@pytest.mark.parametrize("modality", ["text", "audio", "image"])
def test_croissant_is_valid_and_reads_the_records(
    modality: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import mlcroissant

    media = {"audio": ("a.wav", wav()), "image": ("a.png", png())}
    if modality == "text":
        version = published_from(("a.jsonl", b'{"text": "habari", "tags": ["x"], "n": 1, "ok": true}\n'))
    else:
        name, data = media[modality]
        archive = zipped({name: data, "metadata.csv": f"file_name,text\n{name},habari\n".encode()})
        version = published_from(("a.zip", archive), modality=modality)
    folder = exported(version, tmp_path / "v")
    monkeypatch.chdir(folder)

    document = mlcroissant.Dataset(jsonld=str(folder / "croissant.json"))

    assert not document.metadata.issues.errors
    (record,) = list(document.records("default"))
    assert record["default/text"] == b"habari"
    assert record["default/record_id"].decode() == version.preview[0]["record_id"]


def test_the_card_carries_the_header_that_clients_read(tmp_path: Path) -> None:
    import yaml

    version = published_from(("a.jsonl", b'{"text": "habari"}\n'))
    card = (exported(version, tmp_path) / "README.md").read_text()
    header, body = card.removeprefix("---\n").split("---\n", 1)
    assert yaml.safe_load(header) == {
        "pretty_name": version.dataset.title,
        "license": "cc0-1.0",
        "language": ["sw"],
        "configs": [
            {
                "config_name": "default",
                "default": True,
                "data_files": [{"split": "train", "path": "default/train-*.parquet"}],
            }
        ],
        "dataset_info": [
            {
                "config_name": "default",
                "features": [{"name": "record_id", "dtype": "string"}, {"name": "text", "dtype": "string"}],
            }
        ],
    }
    assert body == f"\n# {version.dataset.title}\n\nFor a test.\n"
