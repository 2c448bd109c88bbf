"""A site that listens to webhooks over real HTTP, and believes only what is signed."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

from stripe import SignatureVerificationError, Webhook, WebhookSignature

SECRET = "whsec_of_the_tests"


class Receiver(ThreadingHTTPServer):
    """`status`: what it answers to what it believes."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.bodies: list[bytes] = []
        self.status = 200

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/stripe"

    @property
    def types(self) -> list[str]:
        return [json.loads(body)["type"] for body in self.bodies]


class _Handler(BaseHTTPRequestHandler):
    server: Receiver

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 -- the base class names it
        pass

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        try:
            WebhookSignature.verify_header(body, self.headers["Stripe-Signature"], SECRET, Webhook.DEFAULT_TOLERANCE)
        except SignatureVerificationError:
            self.send_response(400)
        else:
            self.server.bodies.append(body)
            self.send_response(self.server.status)
        self.end_headers()


@contextmanager
def receiving() -> Iterator[Receiver]:
    receiver = Receiver()
    thread = Thread(target=receiver.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield receiver
    finally:
        receiver.shutdown()
        receiver.server_close()
        thread.join()
