"""Hostile archives are refused with a reason, quickly, and touch nothing outside."""

import io
import struct
import tarfile
import time
import zipfile
import zlib
from pathlib import Path

import pytest

from ingestion.domain.kinds import Kind
from ingestion.domain.problems import BrokenFileError
from ingestion.pipeline.archives import members
from tests.unit.ingestion.makers import tar_with, tarred, wav, zipped


def refusal(path: Path, data: bytes, kind: Kind) -> str:
    path.write_bytes(data)
    with pytest.raises(BrokenFileError) as caught:
        [each.read() for each in members(path, kind)]
    assert caught.value.problem.message
    assert caught.value.problem.action
    return caught.value.problem.code


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "archive"


@pytest.mark.parametrize("kind", ["zip", "tar", "tar.gz"])
def test_an_honest_archive_is_read_in_its_order_without_junk(path: Path, kind: Kind) -> None:
    files = {"b.wav": wav(), "__MACOSX/._b.wav": b"junk", "sub/a.wav": wav(), "sub/.DS_Store": b"junk"}
    made = {"zip": lambda: zipped(files), "tar": lambda: tarred(files), "tar.gz": lambda: tarred(files, "w:gz")}
    path.write_bytes(made[kind]())
    assert [(each.name, each.read()) for each in members(path, kind)] == [("b.wav", wav()), ("sub/a.wav", wav())]


@pytest.mark.parametrize(
    "name",
    ["../outside.wav", "/etc/passwd", "C:/x.wav", "a/../../x.wav", "a\\b.wav", "a\x01.wav", "x" * 256, "a//b.wav"],
)
@pytest.mark.parametrize("kind", ["zip", "tar"])
def test_names_that_lead_elsewhere_are_refused(path: Path, name: str, kind: Kind) -> None:
    make = zipped if kind == "zip" else tarred
    assert refusal(path, make({name: b"data"}), kind) == "unsafe_archive_member"


@pytest.mark.parametrize("twin", ["A.WAV", "Ａ.wav"])
@pytest.mark.parametrize("kind", ["zip", "tar"])
def test_names_that_a_file_system_would_confuse_are_refused(path: Path, twin: str, kind: Kind) -> None:
    make = zipped if kind == "zip" else tarred
    assert refusal(path, make({"a.wav": b"1", twin: b"2"}), kind) == "unsafe_archive_member"


@pytest.mark.parametrize("what", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.BLKTYPE, tarfile.FIFOTYPE])
def test_links_and_devices_are_refused(path: Path, what: bytes) -> None:
    info = tarfile.TarInfo("innocent.wav")
    info.type, info.linkname = what, "/etc/passwd"
    assert refusal(path, tar_with(info), "tar") == "unsafe_archive_member"


def test_a_zip_that_holds_a_link_is_refused(path: Path) -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        info = zipfile.ZipInfo("innocent.wav")
        info.create_system, info.external_attr = 3, 0o120777 << 16
        archive.writestr(info, "/etc/passwd")
    assert refusal(path, target.getvalue(), "zip") == "unsafe_archive_member"


def test_a_zip_bomb_is_stopped_while_it_unpacks(path: Path) -> None:
    bomb = zipped({f"{n}.wav": bytes(100 * 1024 * 1024) for n in range(4)})
    assert len(bomb) < 1024 * 1024
    began = time.monotonic()
    assert refusal(path, bomb, "zip") == "expands_too_much"
    assert time.monotonic() - began < 10


def test_a_gzip_bomb_in_a_tar_is_stopped(path: Path) -> None:
    bomb = tarred({"a.wav": bytes(100 * 1024 * 1024)}, "w:gz")
    assert refusal(path, bomb, "tar.gz") == "expands_too_much"


def test_a_member_that_lies_about_its_size_is_refused(path: Path) -> None:
    honest = zipped({"a.wav": bytes(1_000_000)})
    for offset in (honest.index(b"PK\x03\x04") + 22, honest.index(b"PK\x01\x02") + 24):
        honest = honest[:offset] + struct.pack("<I", 10) + honest[offset + 4 :]
    assert refusal(path, honest, "zip") in {"invalid_archive", "ambiguous_container"}


def test_headers_that_contradict_the_directory_are_refused(path: Path) -> None:
    data = zipped({"a.wav": b"data"})
    assert refusal(path, data.replace(b"a.wav", b"b.wav", 1), "zip") == "ambiguous_container"


def test_something_in_front_of_the_zip_is_refused(path: Path) -> None:
    assert refusal(path, b"GIF89a" + bytes(100) + zipped({"a.wav": b"data"}), "zip") == "ambiguous_container"


def test_overlapping_members_are_refused(path: Path) -> None:
    """Two directory entries that share one stretch of data: the trick of the densest bombs."""
    body = zlib.compress(bytes(1000))[2:-4]
    local = struct.pack("<4s5H3I2H", b"PK\x03\x04", 20, 0, 8, 0, 33, zlib.crc32(bytes(1000)), len(body), 1000, 1, 0)
    entry = struct.pack(
        "<4s6H3I5H2I", b"PK\x01\x02", 20, 20, 0, 8, 0, 33, zlib.crc32(bytes(1000)), len(body), 1000, 1, 0, 0, 0, 0, 0, 0
    )
    start = len(local) + 1 + len(body)
    directory = entry + b"a" + entry + b"b"
    end = struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, 2, 2, len(directory), start, 0)
    assert refusal(path, local + b"a" + body + directory + end, "zip") == "ambiguous_container"


def test_two_million_empty_members_are_counted_before_they_are_loaded(path: Path) -> None:
    entry = struct.pack("<4s6H3I5H2I", b"PK\x01\x02", 20, 20, 0, 0, 0, 33, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0) + b"a"
    count = 2_000_000
    end = struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, 0xFFFF, 0xFFFF, len(entry) * count, 0, 0)
    began = time.monotonic()
    assert refusal(path, b"PK\x03\x04" + entry * count + end, "zip") == "too_many_members"
    assert time.monotonic() - began < 10


def test_a_password_is_said(path: Path) -> None:
    data = bytearray(zipped({"a.wav": b"data"}))
    for offset in (6, data.index(b"PK\x01\x02") + 8):
        data[offset] |= 1
    assert refusal(path, bytes(data), "zip") == "encrypted_archive"


@pytest.mark.parametrize("kind", ["zip", "tar", "tar.gz"])
@pytest.mark.parametrize("cut", [0.3, 0.6, 0.9])
def test_a_cut_archive_is_said_to_be_damaged(path: Path, kind: Kind, cut: float) -> None:
    files = {"a.wav": wav(0.5), "b.wav": wav(0.5, pitch=600)}
    data = zipped(files) if kind == "zip" else tarred(files, "w:gz" if kind == "tar.gz" else "w")
    assert refusal(path, data[: int(len(data) * cut * 0.5)], kind) == "invalid_archive"
