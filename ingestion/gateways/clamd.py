"""The malware scanner, a clamd: its INSTREAM command over TCP or a Unix socket (`SCANNER`)."""

import re
import socket
from contextlib import suppress
from typing import BinaryIO
from urllib.parse import urlsplit

from django.conf import settings

from ingestion.errors import ScannerUnavailableError

BLOCK = 64 * 1024
LONGEST_ANSWER = 4096
FOUND = re.compile(r"stream: (.+) FOUND")


def scan(source: BinaryIO, *, begin: int, end: int) -> str:
    """The name of what is found in bytes `[begin, end)`, or "". Raises ScannerUnavailableError.

    A scanner that is silent for SCANNER_SECONDS is not there.
    """
    source.seek(begin)
    try:
        with _connection() as line:
            # A scanner that has had enough closes its end; the answer then says why.
            with suppress(BrokenPipeError, ConnectionResetError):
                _send(line, source, end - begin)
            answer = _answer(line)
    except OSError as error:
        raise ScannerUnavailableError(why=f"{type(error).__name__}.") from error
    return _found(answer)


def _connection() -> socket.socket:
    where = urlsplit(settings.SCANNER)
    if where.scheme == "tcp":
        return socket.create_connection((where.hostname, where.port), settings.SCANNER_SECONDS)
    line = socket.socket(socket.AF_UNIX)
    line.settimeout(settings.SCANNER_SECONDS)
    try:
        line.connect(where.path)
    except OSError:
        line.close()
        raise
    return line


def _send(line: socket.socket, source: BinaryIO, left: int) -> None:
    """Blocks behind their lengths, and one of length 0 as the end."""
    line.sendall(b"zINSTREAM\0")
    while left:
        block = source.read(min(BLOCK, left))
        if not block:
            raise ScannerUnavailableError(why="the stored file ends too early.")
        line.sendall(len(block).to_bytes(4) + block)
        left -= len(block)
    line.sendall(bytes(4))


def _answer(line: socket.socket) -> str:
    told = b""
    with suppress(ConnectionResetError):
        while len(told) < LONGEST_ANSWER and not told.endswith(b"\0") and (block := line.recv(BLOCK)):
            told += block
    return told.removesuffix(b"\0").decode("ascii", "replace")


def _found(answer: str) -> str:
    if answer == "stream: OK":
        return ""
    if found := FOUND.fullmatch(answer):
        return "".join(char for char in found[1] if char.isprintable())[:200]
    raise ScannerUnavailableError(why=f"it said “{answer[:200]}”.")
