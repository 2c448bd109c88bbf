"""The HTTP around it: the API, the hosted pages and, for tests, the control calls, on a free port of the loopback."""

from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

from tests.standin.pages import shown
from tests.standin.pipeline import Answer, Asking, answer
from tests.standin.remote import controlled

if TYPE_CHECKING:
    from tests.standin.standin import Standin

HOSTED = ("/pay/", "/connect/")


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def __init__(self, standin: "Standin", port: int) -> None:
        super().__init__(("127.0.0.1", port), _Handler)
        self.standin = standin


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Server
    # Headers and body are two small packets; without this each answer waits for the other side's delayed ACK.
    disable_nagle_algorithm = True

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 -- the base class names it
        pass

    def _serve(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        headers = {name.lower(): value for name, value in self.headers.items()}
        asking = Asking(self.command, self.path, headers, self.rfile.read(length))
        given = self._answer(asking)
        if given is None:
            self.close_connection = True
            return
        self.send_response(given.status)
        for name, value in {"Content-Type": "application/json", **given.headers}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(given.body)))
        self.end_headers()
        self.wfile.write(given.body)

    do_GET = do_POST = do_DELETE = _serve  # noqa: N815 -- the base class names them

    def _answer(self, asking: Asking) -> Answer | None:
        if asking.path.startswith("/_control/"):
            return controlled(self.server.standin, asking)
        if asking.path.startswith(HOSTED):
            return shown(self.server.standin, asking)
        return answer(self.server.standin.state, asking)
