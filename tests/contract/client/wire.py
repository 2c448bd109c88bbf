"""A wire between the command and its site or store: forwards requests as they are, counts them, holds and cuts them."""

import http.client
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

# Headers that concern one connection only.
HOP = {"connection", "keep-alive", "transfer-encoding", "content-length"}


@dataclass(frozen=True)
class Passed:
    method: str
    path: str
    status: int


@dataclass
class Wire:
    """`most_puts`: how many PUTs go through; those after it never arrive and are never answered."""

    target: str
    passed: list[Passed] = field(default_factory=list)
    most_puts: int | None = None
    cut: bool = False
    on_answer: Callable[[Passed], None] = lambda _: None
    change: Callable[[bytes], bytes] = lambda body: body
    answer: bytes | None = None  # in place of every answer's body
    port: int = 0
    lock: Any = field(default_factory=threading.Lock)
    ended: Any = field(default_factory=threading.Event)
    put_count: int = 0
    held_count: int = 0
    cut_count: int = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def answered(self, method: str, status: int = 200) -> list[str]:
        """The paths of requests that were answered so."""
        return [each.path for each in self.passed if (each.method, each.status) == (method, status)]

    def lets_put(self) -> bool:
        with self.lock:
            if self.most_puts is not None and self.put_count >= self.most_puts:
                self.held_count += 1
                return False
            self.put_count += 1
            return True

    def open_again(self) -> None:
        """Everything passes, and the counts start anew. What was held stays lost."""
        self.most_puts, self.cut, self.put_count, self.held_count = None, False, 0, 0
        self.passed.clear()

    def drop_held(self) -> None:
        """The connections that hang end."""
        self.ended.set()
        self.ended = threading.Event()

    def up(self) -> None:
        self._server = _Server(("127.0.0.1", self.port), _Handler)
        self._server.wire = self
        self.port = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    def down(self) -> None:
        """Nobody listens any more, and open connections end with their next request."""
        self._server.wire = None
        self._server.shutdown()
        self._server.server_close()


@contextmanager
def wire_to(target: str) -> Iterator[Wire]:
    wire = Wire(target)
    wire.up()
    try:
        yield wire
    finally:
        wire.ended.set()
        wire.down()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    allow_reuse_address = True
    block_on_close = False
    wire: Wire | None

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that was killed leaves broken connections behind; that is what these tests are about."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def handle_request(self) -> None:
        wire = self.server.wire
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if wire is None or wire.cut:
            if wire is not None:
                wire.cut_count += 1
            self._hang_up()
        elif self.command == "PUT" and not wire.lets_put():
            wire.ended.wait()
            self._hang_up()
        else:
            self._forward(wire, body)

    do_GET = do_POST = do_PUT = do_DELETE = handle_request  # noqa: N815 - names that the base class looks for

    def _forward(self, wire: Wire, body: bytes) -> None:
        status, headers, answer = self._ask(wire, wire.change(body) if self.command == "PUT" else body)
        passed = Passed(self.command, self.path, status)
        wire.on_answer(passed)
        with wire.lock:
            wire.passed.append(passed)
        self.send_response_only(status)
        for name, value in headers:
            if name.lower() not in HOP:
                self.send_header(name, value)
        if status != http.HTTPStatus.NO_CONTENT:
            self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def _ask(self, wire: Wire, body: bytes) -> tuple[int, list[tuple[str, str]], bytes]:
        connection = http.client.HTTPConnection(urlsplit(wire.target).netloc, timeout=60)
        connection.putrequest(self.command, self.path, skip_host=True, skip_accept_encoding=True)
        for name, value in self.headers.items():
            if name.lower() not in HOP:
                connection.putheader(name, value)
        connection.putheader("Content-Length", str(len(body)))
        connection.endheaders(body)
        answer = connection.getresponse()
        told = answer.status, answer.getheaders(), wire.answer or answer.read()
        connection.close()
        return told

    def _hang_up(self) -> None:
        self.close_connection = True
        self.connection.shutdown(socket.SHUT_RDWR)

    def log_message(self, *_args: Any) -> None:
        """Quiet."""
