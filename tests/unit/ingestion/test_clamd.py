"""What goes over the line to a scanner, and what is made of its answers."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from ingestion.domain.windows import OVERLAP, windows
from ingestion.errors import ScannerUnavailableError
from ingestion.gateways import clamd
from tests.services.scripted_scanner import scripted_scanner, silent_scanner

DATA = bytes(range(256)) * 1000


def scanned(address: str, settings: Settings, *, begin: int = 0, end: int = len(DATA)) -> str:
    settings.SCANNER, settings.SCANNER_SECONDS = address, 5
    return clamd.scan(io.BytesIO(DATA), begin=begin, end=end)


@pytest.mark.parametrize(
    ("answer", "found"),
    [
        (b"stream: OK\0", ""),
        (b"stream: Win.Test.EICAR_HDB-1 FOUND\0", "Win.Test.EICAR_HDB-1"),
        (b"stream: A name of FOUND words FOUND\0", "A name of FOUND words"),
        (b"stream: \x1b[31mRed\x07 FOUND\0", "[31mRed"),
        (b"stream: " + b"x" * 900 + b" FOUND\0", "x" * 200),
    ],
)
def test_what_the_scanner_says_of_the_bytes(answer: bytes, found: str, settings: Settings) -> None:
    with scripted_scanner(answer) as scanner:
        assert scanned(scanner.address, settings, begin=7, end=200_000) == found
    assert scanner.streams == [DATA[7:200_000]]


@pytest.mark.parametrize(
    "answer",
    [
        b"INSTREAM size limit exceeded. ERROR\0",
        b"stream: Can't allocate memory ERROR\0",
        b"stream: Half-Of-A-Name",
        b"stream: OKAY\0",
        b"\xff\xfe\0",
        b"\0",
        b"",
        b"x" * 100_000,
        None,
    ],
)
def test_anything_else_is_no_answer(answer: bytes | None, settings: Settings) -> None:
    with scripted_scanner(answer) as scanner, pytest.raises(ScannerUnavailableError):
        scanned(scanner.address, settings)


def test_silence_is_no_answer(settings: Settings) -> None:
    settings.SCANNER_SECONDS = 0.1
    with silent_scanner() as settings.SCANNER, pytest.raises(ScannerUnavailableError) as refusal:
        clamd.scan(io.BytesIO(DATA), begin=0, end=10)
    assert refusal.value.detail["why"] == "TimeoutError."


@pytest.mark.parametrize("address", ["unix:/nowhere/clamd.sock", "tcp://127.0.0.1:1"])
def test_nobody_there_is_no_answer(address: str, settings: Settings) -> None:
    with pytest.raises(ScannerUnavailableError):
        scanned(address, settings)


def test_a_file_that_ends_too_early_is_not_called_clean(settings: Settings) -> None:
    with scripted_scanner(b"stream: OK\0") as scanner, pytest.raises(ScannerUnavailableError, match="ends too early"):
        scanned(scanner.address, settings, end=len(DATA) + 1)


@given(size=st.integers(0, 10**7), done=st.integers(0, 10**7), length=st.integers(OVERLAP + 1, 10**6))
def test_windows_cover_what_is_left_and_overlap(size: int, done: int, length: int) -> None:
    if length < OVERLAP * 2:
        size = min(size, done + 10**5)  # short windows get on slowly
    shown = list(windows(size, done=done, length=length))
    assert all(0 < end - begin <= length for begin, end in shown)
    reached = done
    for begin, end in shown:
        assert begin == max(0, reached - OVERLAP)
        assert end > reached
        reached = end
    assert reached == max(size, done)
