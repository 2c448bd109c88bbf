"""Many clients at once over kept-alive connections, in one process that does next to nothing between two requests."""

import heapq
import selectors
import socket
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

CHUNK = 256 * 1024
END_OF_HEAD = b"\r\n\r\n"


@dataclass
class Loaded:
    """Seconds per answer. `bytes` are those of bodies, `cpu` the seconds of the server's processes meanwhile."""

    times: list[float] = field(default_factory=list)
    bytes: int = 0
    seconds: float = 0.0
    cpu: float = 0.0

    @property
    def rate(self) -> float:
        return len(self.times) / self.seconds

    def percentile(self, share: float) -> float:
        return sorted(self.times)[min(len(self.times) - 1, int(share * len(self.times)))]


class BadAnswerError(Exception):
    """A status that nobody asked for; the text is the head of the answer."""


class Connection:
    def __init__(self, port: int, requests: Sequence[bytes], first: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.requests, self.next = requests, first
        self.begun, self.head, self.left, self.is_in_body = 0.0, b"", 0, False

    def ask(self) -> None:
        self.begun, self.head, self.is_in_body = time.perf_counter(), b"", False
        self.asked = self.requests[self.next % len(self.requests)]
        self.socket.sendall(self.asked)
        self.next += 1

    def take(self, buffer: bytearray) -> int | None:
        """What has arrived; the size of the body once it is whole. Raises BadAnswerError."""
        size = self.socket.recv_into(buffer)
        if not size:
            raise BadAnswerError("The connection was closed.")
        if self.is_in_body:
            self.left -= size
        else:
            self._take_head(bytes(buffer[:size]))
        return self.length if self.is_in_body and self.left <= 0 else None

    def _take_head(self, data: bytes) -> None:
        self.head += data
        head, found, body = self.head.partition(END_OF_HEAD)
        if not found:
            return
        if head.split(b" ", 2)[1] not in (b"200", b"206"):
            raise BadAnswerError(head.decode())
        lengths = [line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")]
        self.length = 0 if self.asked.startswith(b"HEAD") else int(lengths[0].split(b":")[1])
        self.is_in_body, self.left = True, self.length - len(body)


def load(port: int, requests: Sequence[bytes], *, clients: int, seconds: float, pause: float = 0.0) -> Loaded:
    """Every client goes through `requests` in turns, and waits `pause` seconds after each answer."""
    loaded, chosen, buffer = Loaded(), selectors.DefaultSelector(), bytearray(CHUNK)
    every = [Connection(port, requests, number) for number in range(clients)]
    begun = time.perf_counter()
    # When each is to ask: spread over the pause, as clients that started at their own times.
    waiting = [(begun + pause * number / clients, number) for number in range(clients)]
    for connection in every:
        chosen.register(connection.socket, selectors.EVENT_READ, connection)
    while (now := time.perf_counter()) < begun + seconds:
        while waiting and waiting[0][0] <= now:
            every[heapq.heappop(waiting)[1]].ask()
        for key, _ in chosen.select(max(0.0, waiting[0][0] - now) if waiting else 1.0):
            size = key.data.take(buffer)
            if size is not None:
                done = time.perf_counter()
                loaded.times.append(done - key.data.begun)
                loaded.bytes += size
                heapq.heappush(waiting, (done + pause, every.index(key.data)))
    loaded.seconds = time.perf_counter() - begun
    for connection in every:
        connection.socket.close()
    return loaded
