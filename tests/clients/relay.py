"""A wire that breaks once: what passes through it arrives unchanged, until the answer that it is told to cut."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

CHUNK = 64 * 1024


@dataclass
class Relay:
    """Listens on 127.0.0.1. `cuts` is how many answers were cut."""

    port: int
    target: tuple[str, int]
    cuts: int = 0
    _armed: list[tuple[bytes, int]] = field(default_factory=list)

    def cut_next(self, word: str, *, after: int) -> None:
        """End the connection `after` that many bytes of the body for the next GET with `word` in its first line."""
        self._armed.append((word.encode(), after))

    def serve(self, client: socket.socket) -> None:
        server = socket.create_connection(self.target)
        left: list[int] = []
        answers = threading.Thread(target=self._answers, args=(server, client, left), daemon=True)
        answers.start()
        with suppress(OSError):
            while data := client.recv(CHUNK):
                line = data.partition(b"\r\n")[0]
                if self._armed and line.startswith(b"GET ") and self._armed[0][0] in line:
                    left.append(self._armed.pop(0)[1])
                server.sendall(data)
        _close(server)

    def _answers(self, server: socket.socket, client: socket.socket, left: list[int]) -> None:
        with suppress(OSError):
            while data := server.recv(CHUNK):
                if left:
                    head, mark, body = data.partition(b"\r\n\r\n") if data.startswith(b"HTTP/") else (b"", b"", data)
                    data = head + mark + body[: left[0]]
                    left[0] -= len(body)
                client.sendall(data)
                if left and left[0] <= 0:
                    self.cuts += 1
                    break
        _close(client)
        _close(server)


@contextmanager
def relay_to(port: int) -> Iterator[Relay]:
    """In front of a port of this machine that need not be open yet."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        relay = Relay(listener.getsockname()[1], ("127.0.0.1", port))
        threading.Thread(target=_accept, args=(listener, relay), daemon=True).start()
        yield relay


def _accept(listener: socket.socket, relay: Relay) -> None:
    with suppress(OSError):  # the listener is closed at the end
        while True:
            client, _ = listener.accept()
            threading.Thread(target=relay.serve, args=(client,), daemon=True).start()


def _close(wire: socket.socket) -> None:
    with suppress(OSError):
        wire.shutdown(socket.SHUT_RDWR)
    wire.close()
