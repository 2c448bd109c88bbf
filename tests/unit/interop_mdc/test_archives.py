"""What an archive holds, and that its bytes follow from that alone."""

import csv
import io
import json
import os
import struct
import tarfile
import time
from pathlib import Path
from typing import Any

import pytest
from pytest_django import Settings

from collective.core.jobs.registry import job_type
from collective.interop.mdc.archive.cells import cell, ending, folder_names
from collective.interop.mdc.archive.layout import Layout, layout_of
from collective.interop.mdc.archive.tarball import Tarball
from collective.interop.mdc.archive.writing import write_section

pytestmark = pytest.mark.once
WAV = b"RIFF\0\0\0\0WAVE" + bytes(20)
TEXT: dict[str, Any] = {"name": "text", "dtype": "string", "feature": {"_type": "Value", "dtype": "string"}}
AUDIO: dict[str, Any] = {"name": "clip", "dtype": "audio", "feature": {"_type": "Audio"}}
ROWS: list[dict[str, Any]] = [
    {"clip": {"bytes": WAV, "path": "home/one.WAV"}, "text": 'she said "no",\nthen left', "n": 1},
    {"clip": {"bytes": b"fLaC" + bytes(9), "path": None}, "text": None, "n": None},
    {"clip": None, "text": " مرحبا", "n": float("nan")},
]


def archive(folder: Path, layout: Layout, config: str = "en") -> bytes:
    target, counted = folder / "made", list[int]()
    with target.open("wb") as file, Tarball(file, mtime=1_700_000_000, level=6) as tarball:
        tarball.add_bytes("LICENSE.txt", b"words")
        parts = [("train", ROWS[:2]), ("test", ROWS[2:])]
        write_section(tarball, layout, config, parts, index=folder / "index", told=counted.append)
    assert counted == [2, 1]
    return target.read_bytes()


def content_of(tar: tarfile.TarFile, name: str) -> bytes:
    member = tar.extractfile(name)
    assert member is not None
    return member.read()


def test_the_same_records_give_the_same_bytes_at_any_time_for_any_user(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    layout = layout_of([("en", "train"), ("en", "test")], [AUDIO, TEXT])
    first = archive(tmp_path, layout)
    monkeypatch.setattr(time, "time", lambda: 1.0)
    monkeypatch.setattr(os, "getuid", lambda: 4711)
    assert archive(tmp_path, layout) == first
    assert (first[:4], struct.unpack("<I", first[4:8])[0]) == (b"\x1f\x8b\x08\x00", 0)  # no file name, no time
    with tarfile.open(fileobj=io.BytesIO(first)) as tar:
        assert {(each.mtime, each.uid, each.gid, each.uname, each.gname, each.mode) for each in tar} == {
            (1_700_000_000, 0, 0, "", "", 0o644)
        }


def test_there_is_time_for_the_archive_of_the_largest_file(settings: Settings) -> None:
    """One job writes all of it: lines of text at 10 MB a second on a core of 2026."""
    written = 10_000_000 * settings.TASK_SECONDS[job_type("interop.build_archive").queue]
    assert written > settings.UPLOAD_MAX_BYTES


def test_media_are_files_and_all_else_is_a_line(tmp_path: Path) -> None:
    layout = layout_of([("en", "train"), ("en", "test")], [AUDIO, TEXT])
    with tarfile.open(fileobj=io.BytesIO(archive(tmp_path, layout))) as tar:
        media = ["clip/00000000.wav", "clip/00000000.json", "clip/00000001.flac", "clip/00000001.json"]
        assert tar.getnames() == ["LICENSE.txt", *media, "index.csv"]
        assert content_of(tar, "clip/00000000.wav") == WAV
        said = [json.loads(content_of(tar, name)) for name in media[1::2]]
        lines = list(csv.reader(io.StringIO(content_of(tar, "index.csv").decode(), newline="")))
    assert said == [
        {"text": 'she said "no",\nthen left', "n": 1, "split": "train"},
        {"text": None, "n": None, "split": "train"},
    ]
    assert lines == [
        ["clip", "text", "n", "split"],
        ["clip/00000000.wav", 'she said "no",\nthen left', "1", "train"],
        ["clip/00000001.flac", "", "", "train"],
        ["", " مرحبا", "", "test"],
    ]


def test_each_of_several_configs_has_a_folder(tmp_path: Path) -> None:
    layout = layout_of([("en", "train"), ("fr", "train")], [AUDIO, TEXT])
    with tarfile.open(fileobj=io.BytesIO(archive(tmp_path, layout, "fr"))) as tar:
        media = [f"clip/{each}" for each in ("00000000.wav", "00000000.json", "00000001.flac", "00000001.json")]
        assert tar.getnames()[1:] == [f"data/fr/{name}" for name in (*media, "index.csv")]


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("text", "text"),
        (None, None),
        (3, 3),
        (0.5, 0.5),
        (float("inf"), None),
        (["b", "a"], '["b", "a"]'),
        ({"b": "é", "a": None}, '{"a": null, "b": "é"}'),
    ],
)
def test_cells(value: object, written: object) -> None:
    assert cell(value) == written


@pytest.mark.parametrize(
    ("path", "content", "expected"),
    [
        ("a/b.OGG", b"", ".ogg"),
        ("../../etc/passwd", b"OggS", ".ogg"),
        ("x.w/av", b"\x89PNG", ".png"),
        (".wav", b"ID3", ".mp3"),
        ("clip.verylongending", b"?", ".bin"),
        (None, b"RIFF\0\0\0\0WEBPVP8 ", ".webp"),
    ],
)
def test_endings(path: str | None, content: bytes, expected: str) -> None:
    assert ending({"path": path}, content) == expected


def test_no_two_columns_share_a_folder() -> None:
    assert folder_names(["a b", "a/b", "صوت"]) == {"a b": "a_b", "a/b": "a_b-1", "صوت": "media"}
    assert len(set(folder_names(["a b", "a_b-2", "a/b"]).values())) == 3
