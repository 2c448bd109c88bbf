"""The web server of the product itself: who copies the bytes, and what a HEAD is answered with."""

import hashlib
import http.client
import random
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.test import RequestFactory
from django.utils import timezone
from pytest_django import Settings

from collective.core.storage.keys import content_key
from collective.core.storage.signing import ObjectLink, seal
from tests.services.gunicorn import WebServer, running_gunicorn
from tests.services.instance import eventually

pytestmark = pytest.mark.once

CONTENT = random.Random(6).randbytes(3_000_000)
SHA256 = hashlib.sha256(CONTENT).hexdigest()


@pytest.fixture
def server(migrated_folder: Path, settings: Settings) -> Iterator[WebServer]:
    """With one object in its store. It knows the secret of this process, so that links made here are good there."""
    stored = migrated_folder / "objects" / content_key(SHA256)
    stored.parent.mkdir(parents=True)
    stored.write_bytes(CONTENT)
    with running_gunicorn(migrated_folder, SECRET_KEY=settings.SECRET_KEY) as running:
        yield running


def ask(server: WebServer, method: str, path: str, **headers: str) -> tuple[int, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=20)
    try:
        connection.request(method, path, headers={"Cookie": "sessionid=stolen; csrftoken=x", **headers})
        response = connection.getresponse()
        assert path in {"/", "/nothing"} or response.headers.get("Set-Cookie") is None
        return response.status, response.read()
    finally:
        connection.close()


def test_the_kernel_copies_and_nobody_sends_a_body_with_a_head(server: WebServer) -> None:
    expires = timezone.now() + timedelta(minutes=5)
    link = f"/storage/objects/a.parquet?token={seal(ObjectLink(SHA256, 'a.parquet', int(expires.timestamp())))}"
    assert ask(server, "GET", link) == (200, CONTENT)
    assert noted(server, len(CONTENT))
    assert ask(server, "GET", link, Range="bytes=1000-1999") == (206, CONTENT[1000:2000])
    assert ask(server, "GET", link, Range="bytes=-7") == (206, CONTENT[-7:])
    assert noted(server, len(CONTENT) + 1000 + 7)
    for path in (link, "/datasets/acme/nothing/resolve/main/a", "/api/datasets/a/b", "/healthz", "/nothing", "/"):
        assert ask(server, "HEAD", path)[1] == b""
    assert server.sent_by_the_kernel() == len(CONTENT) + 1000 + 7
    assert "body bytes" not in server.log.read_text()


def noted(server: WebServer, sent: int) -> bool:
    """The last note may come after the answer."""
    return eventually(lambda: server.sent_by_the_kernel() == sent, seconds=10)


@pytest.mark.parametrize("path", ["/api/datasets/acme/nothing", "/nothing", "/storage/objects/a", "/"])
def test_a_head_has_the_length_of_the_body_that_it_leaves_out(db: None, path: str) -> None:
    (head, nothing), (get, content) = (answered(method, path) for method in ("HEAD", "GET"))
    assert nothing == b""
    assert content != b""
    assert head["Content-Length"] == get["Content-Length"] == str(len(content))


def answered(method: str, path: str) -> tuple[dict[str, str], bytes]:
    """What the application itself hands to the web server; Django's test client would leave the body out for it."""
    told: dict[str, str] = {}

    def start_response(_status: str, headers: list[tuple[str, str]], _problem: Any = None) -> Any:
        told.update(headers)

    environ = RequestFactory().generic(method, path).environ
    response = WSGIHandler()(environ, start_response)
    return told, b"".join(response)
