"""A scanner on a loopback port that says what it is told to, and remembers what it was sent."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import BinaryIO


@dataclass
class ScriptedScanner:
    """One answer per connection, as it goes over the wire; None reads nothing and closes."""

    address: str
    answers: list[bytes | None]
    streams: list[bytes] = field(default_factory=list)


@contextmanager
def scripted_scanner(*answers: bytes | None) -> Iterator[ScriptedScanner]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        scanner = ScriptedScanner(f"tcp://127.0.0.1:{server.getsockname()[1]}", list(answers))
        thread = threading.Thread(target=_serve, args=(server, scanner))
        thread.start()
        yield scanner
        with suppress(OSError):  # nobody waits for it any more
            server.shutdown(socket.SHUT_RDWR)
        thread.join()


@contextmanager
def silent_scanner() -> Iterator[str]:
    """Its address. The connection is made, the bytes are taken, and nothing ever comes back."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"tcp://127.0.0.1:{server.getsockname()[1]}"


def _serve(server: socket.socket, scanner: ScriptedScanner) -> None:
    with suppress(OSError):  # the other side has gone, or nobody is to be served any more
        for answer in scanner.answers:
            line, _ = server.accept()
            with line, line.makefile("rb") as sent:
                if answer is not None and sent.read(10) == b"zINSTREAM\0":
                    scanner.streams.append(b"".join(_blocks(sent)))
                    line.sendall(answer)


def _blocks(sent: BinaryIO) -> Iterator[bytes]:
    while length := int.from_bytes(sent.read(4)):
        yield sent.read(length)
