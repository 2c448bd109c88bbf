"""Content decides what a file is; names are not asked."""

from pathlib import Path
from typing import get_args

import pyarrow as pa
import pytest

from ingestion.domain.kinds import MACROS, MODEL, OFFICE, REFUSED, TAKEN, WEB_PAGE, Kind, Refused
from ingestion.domain.problems import BrokenFileError
from ingestion.pipeline.sniff import sniff
from tests.unit.ingestion.makers import arrow, flac, gzipped, jpeg, mp3, ogg, png, tarred, wav, webp, zipped, zstandard


def shown(value: bytes | str) -> str:
    """Test names that are the same in every process: archives carry the time they were made at."""
    return value if isinstance(value, str) else repr(value[:4])


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "innocent.csv"


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b'{"a": 1}\n', "jsonl"),
        (b'\xef\xbb\xbf  {"a": 1}\n', "jsonl"),
        (b"a,b\n1,2\n", "delimited"),
        ("ስም\tቋንቋ\nሰላም\tam\n".encode(), "delimited"),
        (("x," * 4095 + "é" * 10).encode(), "delimited"),
        (b"PAR1....PAR1", "parquet"),
        (zipped({"a": b"b"}), "zip"),
        (tarred({"a": b"b"}), "tar"),
        (tarred({"a": b"b"}, "w:gz"), "tar.gz"),
        (wav(), "wav"),
        (flac(), "flac"),
        (png(), "png"),
        (jpeg(), "jpeg"),
        (webp(), "webp"),
        (mp3(), "mp3"),
        (ogg(), "ogg"),
        (gzipped(b'{"a": 1}\n'), "gzip"),
        (zstandard(b'{"a": 1}\n'), "zstd"),
        (zstandard(tarred({"a": b"b"})), "tar.zst"),
        (arrow(pa.table({"a": [1]})), "arrow"),
        (arrow(pa.table({"a": [1]}), stream=True), "arrow_stream"),
        (b"MZ is no program, and this is a text.\nSo is this line\n", "text"),
        (b"[a bracket opens this text]\n", "text"),
    ],
    ids=shown,
)
def test_kinds_by_content(path: Path, data: bytes, kind: str) -> None:
    path.write_bytes(data)
    assert sniff(path) == kind


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"\x80\x04\x95\x10\x00\x00\x00", "refused_format"),
        (b"cos\nsystem\n(S'ls'\ntR.", "refused_format"),
        (b"(dp0\nS'a'\np1\nI1\ns.", "refused_format"),
        (b"\x7fELF\x02\x01\x01", "refused_format"),
        (b"MZ\x90\x00", "refused_format"),
        (b"#!/bin/sh\nls\n", "refused_format"),
        (b"<!DOCTYPE html><script>alert(1)</script>", "refused_format"),
        (b"  <svg xmlns='x'>", "refused_format"),
        (b"\xef\xbb\xbf<?xml version='1.0'?>", "refused_format"),
        (b"\x93NUMPY\x01\x00v\x00{'descr': '|O'", "refused_format"),
        (b"\x89HDF\r\n\x1a\n", "refused_format"),
        (b"%PDF-1.7", "refused_format"),
        (b'[{"a": 1}]', "json_array"),
        ("a,b\n".encode("utf-16"), "not_utf8"),
        ("naïve,café\n".encode("latin-1"), "not_utf8"),
        (b"a\x00b\x01c", "unknown_format"),
        (b"%PDF-1.7 " + zipped({"a": b"b"}), "ambiguous_container"),
        (b"a,b\n1,2\n" + zipped({"a": b"b"}), "ambiguous_container"),
        (png() + zipped({"a": b"b"}), "ambiguous_container"),
    ],
    ids=shown,
)
def test_what_is_refused_and_why(path: Path, data: bytes, code: str) -> None:
    path.write_bytes(data)
    with pytest.raises(BrokenFileError) as caught:
        sniff(path)
    assert caught.value.problem.code == code
    assert caught.value.problem.action


def test_every_kind_is_in_the_table_once() -> None:
    assert sorted(each.kind for each in TAKEN) == sorted(get_args(Kind))
    assert all(each.name and each.becomes for each in TAKEN)
    assert all(each.what and each.instead and each.code for each in (*REFUSED, WEB_PAGE, OFFICE, MACROS, MODEL))


@pytest.mark.parametrize("refused", REFUSED, ids=lambda each: each.what)
def test_every_refused_beginning_is_refused(path: Path, refused: Refused) -> None:
    for magic in refused.magic:
        path.write_bytes(magic + bytes(16))
        with pytest.raises(BrokenFileError) as caught:
            sniff(path)
        assert caught.value.problem.code == refused.code
        assert refused.what in caught.value.problem.message
