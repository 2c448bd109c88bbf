"""Archives of recordings, pictures and texts in the shapes that people have."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from ingestion.pipeline.schema import feature_of
from tests.unit.ingestion.makers import flac, jpeg, mp3, ogg, parquet, png, tarred, wav, webp, zipped, zstandard
from tests.unit.ingestion.reads import Read, read, refusal

Pack = Callable[[dict[str, bytes]], bytes]
PACKS: dict[str, Pack] = {
    "zip": zipped,
    "tar": tarred,
    "tar.gz": lambda files: tarred(files, "w:gz"),
    "tar.zst": lambda files: zstandard(tarred(files)),
}


@pytest.fixture(params=PACKS)
def pack(request: pytest.FixtureRequest) -> Pack:
    return PACKS[request.param]


def without_bytes(found: Read) -> list[dict[str, Any]]:
    """Rows with the name of the file in place of the recording or picture."""
    return [
        {name: value["path"] if isinstance(value, dict) and "bytes" in value else value for name, value in row.items()}
        for row in found.rows
    ]


def test_recordings_alone(tmp_path: Path, pack: Pack) -> None:
    found = read(tmp_path, pack({"b.wav": wav(), "a.flac": flac()}))
    assert found.rows == [
        {"audio": {"bytes": wav(), "path": "b.wav"}},
        {"audio": {"bytes": flac(), "path": "a.flac"}},
    ]
    assert feature_of(found.schema.field("audio")) == {"_type": "Audio", "sampling_rate": 8000}


@pytest.mark.parametrize(
    "sound", [mp3(), ogg(), ogg(codec="OPUS"), wav(), flac()], ids=["mp3", "ogg", "opus", "wav", "flac"]
)
def test_every_kind_of_recording_and_a_cut_one(tmp_path: Path, sound: bytes) -> None:
    assert read(tmp_path, zipped({"a": sound})).dtypes == {"audio": "audio"}
    assert refusal(tmp_path, zipped({"a": sound[: len(sound) * 2 // 3]})) == "unreadable_media"


@pytest.mark.parametrize("picture", [png(40, 40), jpeg(40, 40), webp(40, 40)], ids=["png", "jpeg", "webp"])
def test_every_kind_of_picture_and_a_cut_one(tmp_path: Path, picture: bytes) -> None:
    assert read(tmp_path, zipped({"a": picture})).dtypes == {"image": "image"}
    assert refusal(tmp_path, zipped({"a": picture[: len(picture) * 2 // 3]})) == "unreadable_media"


METADATA = {
    "metadata.csv": b"file_name,text,n\nsub/b.wav,two,2\na.wav,one,1\n",
    "metadata.tsv": b"file_name\ttext\tn\nsub/b.wav\ttwo\t2\na.wav\tone\t1\n",
    "metadata.jsonl": b'{"file_name": "sub/b.wav", "text": "two", "n": 2}\n'
    b'{"file_name": "a.wav", "text": "one", "n": 1}\n',
    "metadata.parquet": parquet(pa.table({"file_name": ["sub/b.wav", "a.wav"], "text": ["two", "one"], "n": [2, 1]})),
}


@pytest.mark.parametrize("name", METADATA)
def test_metadata_of_every_kind(tmp_path: Path, pack: Pack, name: str) -> None:
    found = read(tmp_path, pack({"a.wav": wav(), name: METADATA[name], "sub/b.wav": wav(pitch=500)}))
    assert without_bytes(found) == [
        {"audio": "a.wav", "text": "one", "n": 1},
        {"audio": "b.wav", "text": "two", "n": 2},
    ]


def test_metadata_in_each_split(tmp_path: Path) -> None:
    files = {
        "data/train/a.png": png(),
        "data/train/metadata.jsonl": b'{"file_name": "a.png", "n": 1}\n',
        "data/dev/b.jpg": jpeg(),
        "data/dev/metadata.jsonl": b'{"file_name": "b.jpg", "n": 2.5, "extra": "x"}\n',
    }
    assert without_bytes(read(tmp_path, zipped(files))) == [
        {"image": "a.png", "n": 1.0, "extra": None, "split": "train"},
        {"image": "b.jpg", "n": 2.5, "extra": "x", "split": "validation"},
    ]


def test_metadata_that_only_names_the_files(tmp_path: Path) -> None:
    found = read(tmp_path, zipped({"a.png": png(), "metadata.csv": b"file_name\na.png\n"}))
    assert without_bytes(found) == [{"image": "a.png"}]


def test_names_are_found_in_either_normal_form(tmp_path: Path, pack: Pack) -> None:
    files = {"e\u0301te\u0301.wav": wav(), "metadata.csv": "file_name,n\n\u00e9t\u00e9.wav,1\n".encode()}
    assert without_bytes(read(tmp_path, pack(files))) == [{"audio": "e\u0301te\u0301.wav", "n": 1}]


def test_labels_and_splits_by_folder(tmp_path: Path, pack: Pack) -> None:
    files = {"train/cat/1.png": png(), "train/dog/2.png": png(), "test/cat/3.png": png(), "README.md": b"Cats and dogs"}
    found = read(tmp_path, pack(files))
    assert without_bytes(found) == [
        {"image": "1.png", "label": "cat", "split": "train"},
        {"image": "2.png", "label": "dog", "split": "train"},
        {"image": "3.png", "label": "cat", "split": "test"},
    ]
    assert found.warnings == ["left_out"]


@pytest.mark.parametrize(
    "names", [["a.png", "b.png"], ["x/a.png", "x/b.png"], ["x/a.png", "x/y/b.png"], ["train/a.png", "test/b.png"]]
)
def test_no_labels_where_datasets_finds_none(tmp_path: Path, names: list[str]) -> None:
    assert "label" not in read(tmp_path, zipped({name: png() for name in names})).schema.names


CLIPS = {f"cv-corpus/sw/clips/{number}.mp3": mp3(pitch=300 + number) for number in range(4)}
HEADER = "client_id\tpath\tsentence\tup_votes\tage\n"


def test_common_voice_takes_each_clip_once_with_its_split(tmp_path: Path, pack: Pack) -> None:
    zero, one, two = ('a\t0.mp3\tShe said “yes"\t2\t\n', "b\t1\tNdiyo, sawa\t3\t\n", "b\t2.mp3\t'quoted\t4\ttwenties\n")
    tables = {"validated": zero + one + two, "train": zero, "test": one}
    files = {**CLIPS, **{f"cv-corpus/sw/{name}.tsv": (HEADER + rows).encode() for name, rows in tables.items()}}
    found = read(tmp_path, pack(files))
    common = {"client_id": "b", "age": None}
    assert without_bytes(found) == [
        {**common, "audio": "0.mp3", "client_id": "a", "sentence": 'She said “yes"', "up_votes": 2, "split": "train"},
        {**common, "audio": "1.mp3", "sentence": "Ndiyo, sawa", "up_votes": 3, "split": "test"},
        {**common, "audio": "2.mp3", "sentence": "'quoted", "up_votes": 4, "age": "twenties", "split": None},
    ]
    assert found.warnings == ["left_out"]


def test_common_voice_with_a_row_too_many(tmp_path: Path) -> None:
    row = "a\t0.mp3\tHi\t2\t\n"
    twice = {"train": HEADER + row, "test": HEADER + row}
    files = {**CLIPS, **{f"cv-corpus/sw/{name}.tsv": rows.encode() for name, rows in twice.items()}}
    assert refusal(tmp_path, zipped(files)) == "duplicate_row"
    lost = {**CLIPS, "cv-corpus/sw/validated.tsv": (HEADER + "a\t9.mp3\tHi\t2\t\n").encode()}
    assert refusal(tmp_path, zipped(lost)) == "missing_file"


def test_webdataset(tmp_path: Path, pack: Pack) -> None:
    files = {
        "s/1.wav": wav(),
        "s/1.txt": "ɓe\u0301".encode(),
        "s/1.json": b'{"speaker": "a", "age": 30}',
        "s/1.cls": b"3",
        "s/2.flac": flac(),
        "s/2.txt": b"two",
        "s/2.json": b'{"speaker": "b", "tags": ["x"]}',
        "s/2.cls": b"4\n",
    }
    found = read(tmp_path, pack(files))
    assert without_bytes(found) == [
        {"__key__": "s/1", "audio": "1.wav", "text": "ɓe\u0301", "cls": 3, "speaker": "a", "age": 30, "tags": None},
        {"__key__": "s/2", "audio": "2.flac", "text": "two", "cls": 4, "speaker": "b", "age": None, "tags": ["x"]},
    ]


def test_webdataset_with_two_pictures_and_a_name_that_is_taken(tmp_path: Path) -> None:
    files = {
        name: data
        for key in "12"
        for name, data in {
            f"{key}.jpg": jpeg(),
            f"{key}.seg.png": png(),
            f"{key}.txt": b"caption",
            f"{key}.json": b'{"text": "other", "n": 1}',
            f"{key}.meta.json": b'{"w": 4}',
        }.items()
    }
    row = without_bytes(read(tmp_path, tarred(files)))[0]
    assert row == {
        "__key__": "1",
        "image": "1.jpg",
        "seg.png": "1.seg.png",
        "text": "caption",
        "meta.json": {"w": 4},
        "json": {"text": "other", "n": 1},
    }


@pytest.mark.parametrize(
    ("files", "code"),
    [
        ({"1.wav": wav(), "1.txt": b"a", "2.txt": b"b", "2.cls": b"1"}, "missing_file"),
        ({"1.txt": b"a", "1.cls": b"1", "2.wav": wav(), "2.txt": b"b"}, "missing_file"),
        ({"1.wav": wav(), "1.txt": b"a", "2.wav": wav(), "2.txt": b"b", "1.cls": b"1"}, "scattered_record"),
        ({"1.wav": wav(), "1.flac": flac(), "1.txt": b"a"}, "two_in_one_record"),
        ({"1.wav": wav(), "1.json": b"[1]", "2.wav": wav(), "2.json": b"{}"}, "not_an_object"),
        ({"1.wav": wav(), "1.a.json": b"{", "2.wav": wav(), "2.a.json": b"{}"}, "invalid_json"),
        ({"1.wav": wav(), "1.json": b'{"n": 1}', "2.wav": wav(), "2.json": b'{"n": "x"}'}, "type_conflict"),
        ({"1.wav": wav()[:60], "1.txt": b"a", "2.wav": wav(), "2.txt": b"b"}, "unreadable_media"),
        ({"1.wav": wav(), "1.txt": b"\xff", "2.wav": wav(), "2.txt": b"b"}, "not_utf8"),
    ],
)
def test_webdataset_with_mistakes(tmp_path: Path, files: dict[str, bytes], code: str) -> None:
    assert refusal(tmp_path, tarred(files)) == code


def test_text_files_are_a_record_each(tmp_path: Path, pack: Pack) -> None:
    files = {"train/a.txt": b"one,\ntwo\n", "train/b.txt": b'{"not": "jsonl"}', "test/c.md": b"# three"}
    assert read(tmp_path, pack(files)).rows == [
        {"text": "one,\ntwo\n", "file_name": "train/a.txt", "split": "train"},
        {"text": '{"not": "jsonl"}', "file_name": "train/b.txt", "split": "train"},
        {"text": "# three", "file_name": "test/c.md", "split": "test"},
    ]


@pytest.mark.parametrize(
    ("name", "table"),
    [
        ("data/rows.csv", b"n,text\n1,hello\n2,salaam\n"),
        ("rows.jsonl", b'{"n": 1, "text": "hello"}\n{"n": 2, "text": "salaam"}\n'),
        ("rows.parquet", parquet(pa.table({"n": [1, 2], "text": ["hello", "salaam"]}))),
    ],
)
def test_a_table_alone_beside_a_readme_is_read_as_if_it_had_come_alone(
    tmp_path: Path, pack: Pack, name: str, table: bytes
) -> None:
    found = read(tmp_path, pack({name: table, "README.md": b"# About these rows\n\nThey are two.\n"}))
    assert found.rows == [{"n": 1, "text": "hello"}, {"n": 2, "text": "salaam"}]


@pytest.mark.parametrize(
    ("files", "code"),
    [
        ({"a.csv": b"a,b\n1,2\n", "b.csv": b"a,b\n1,2\n"}, "tables_in_archive"),
        ({"a.parquet": parquet(pa.table({"a": [1]})), "b.csv": b"a,b\n1,2\n"}, "tables_in_archive"),
        ({"a.wav": wav(), "b.png": png()}, "mixed_media"),
        ({"a.wav": wav(), "b.wav": b"\0\1\2\3"}, "unreadable_media"),
        ({"x/metadata.csv": b"file_name\na\n", "x/metadata.jsonl": b"{}", "x/a": wav()}, "two_metadata_files"),
        (
            {"metadata.csv": b"file_name,n\na,1\n", "a": wav(), "x/metadata.csv": b"file_name,n\nb,x\n", "x/b": wav()},
            "metadata_differs",
        ),
        ({"metadata.csv": b"file_name,n\na,1,2\n", "a": wav()}, "field_count"),
        ({"metadata.csv": b"file_name,audio\na,1\n", "a": wav()}, "column_name"),
        ({"metadata.csv": b"file_name\nA\n", "a": wav()}, "missing_file"),
        ({}, "empty"),
    ],
)
def test_archives_with_mistakes(tmp_path: Path, files: dict[str, bytes], code: str) -> None:
    assert refusal(tmp_path, zipped(files)) == code


@pytest.mark.parametrize(
    ("data", "column", "name"), [(wav(), "audio", "a.wav"), (webp(), "image", "b.webp"), (mp3(), "audio", "c.mp3")]
)
def test_a_single_recording_or_picture_is_a_record(tmp_path: Path, data: bytes, column: str, name: str) -> None:
    found = read(tmp_path, data, name=name)
    assert found.rows == [{column: {"bytes": data, "path": name}, "file_name": name}]
    assert refusal(tmp_path, data[: len(data) * 2 // 3]) == "unreadable_media"
