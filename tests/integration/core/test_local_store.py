"""The local store against a hostile client and a hostile disk (reliability cases B7, B13, E12)."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from collective.core import storage
from collective.core.storage.errors import ObjectNotFoundError, StorageFullError
from collective.core.storage.local import LocalIncomingStore, LocalPublishedStore
from collective.core.storage.signing import ObjectLink, PartLink, seal
from tests.contract.storage.wire import sha256, spec

CONTENT = b"0123456789" * 10
DIGEST = sha256(CONTENT)
FAR = 4_000_000_000
# Whoever published an object is asked whether it may still be served.
pytestmark = pytest.mark.django_db


@pytest.fixture
def root(settings: Settings, tmp_path: Path) -> Path:
    settings.STORAGE_URL, settings.STORAGE_DIR = "", tmp_path / "objects"
    return tmp_path / "objects"


@pytest.fixture
def published(root: Path, tmp_path: Path) -> LocalPublishedStore:
    store = storage.published()
    assert isinstance(store, LocalPublishedStore)
    (tmp_path / "source").write_bytes(CONTENT)
    store.put(tmp_path / "source", sha256=DIGEST)
    return store


@pytest.fixture
def upload(root: Path) -> tuple[LocalIncomingStore, str]:
    store = storage.incoming()
    assert isinstance(store, LocalIncomingStore)
    return store, store.create("staging/a")


def part_url(storage_id: str, content: bytes = CONTENT, **changes: Any) -> str:
    values = {"key": "staging/a", "storage_id": storage_id, "number": 1, "size": len(content), "expires": FAR}
    link = PartLink(**{**values, "md5": spec(1, content).md5, **changes})
    return f"{reverse('storage:part')}?token={seal(link)}"


def object_url(**changes: Any) -> str:
    link = ObjectLink(**{"sha256": DIGEST, "filename": "a.parquet", "expires": FAR, **changes})
    return f"{reverse('storage:object', kwargs={'name': 'a.parquet'})}?token={seal(link)}"


def put(client: Client, url: str, content: bytes, **headers: str) -> Any:
    return client.put(url, content, content_type="application/octet-stream", headers=headers)


def everything_under(root: Path) -> list[str]:
    return sorted(path.relative_to(root).as_posix() for path in root.rglob("*") if not path.is_dir())


def test_a_part_is_written_and_nothing_else(client: Client, root: Path, upload: tuple[LocalIncomingStore, str]) -> None:
    response = put(client, part_url(upload[1]), CONTENT)
    assert (response.status_code, response.content) == (200, b"")
    assert response.headers["ETag"] == f'"{spec(1, CONTENT).md5}"'
    assert everything_under(root) == [f"parts/{upload[1]}/00001.{spec(1, CONTENT).md5}"]


@pytest.mark.parametrize(
    ("sent", "changes", "why"),
    [
        (CONTENT[:-1] + b"!", {}, "its MD5 is not the announced one"),
        (CONTENT + b"!", {}, "Content-Length is not the announced 100 bytes"),
        (CONTENT[:-1], {}, "Content-Length is not the announced 100 bytes"),
        (b"", {}, "Content-Length is not the announced 100 bytes"),
    ],
)
def test_a_wrong_part_leaves_no_trace(
    client: Client, root: Path, upload: tuple[LocalIncomingStore, str], sent: bytes, changes: dict[str, Any], why: str
) -> None:
    response = put(client, part_url(upload[1], **changes), sent)
    problem = response.json()
    assert (response.status_code, response.headers["Content-Type"]) == (400, "application/problem+json")
    assert (problem["code"], problem["detail"]) == (
        "part_rejected",
        f"Part 1 was refused: {why}. Send this part again.",
    )
    assert everything_under(root) == []


def test_more_bytes_than_announced_are_not_even_read(upload: tuple[LocalIncomingStore, str], root: Path) -> None:
    """A server that does not enforce Content-Length still stores at most one chunk too many, and drops it."""
    read = 0

    def endless() -> Iterator[bytes]:
        nonlocal read
        while True:
            read += 10
            yield b"x" * 10

    link = PartLink("staging/a", upload[1], 1, 15, "0" * 32, FAR)
    with pytest.raises(Exception, match="it has more than 15 bytes"):
        upload[0].receive_part(link, endless())
    assert read == 20
    assert everything_under(root) == []


def test_changed_and_foreign_links_are_refused(client: Client, published: LocalPublishedStore) -> None:
    good = object_url()
    address, _, token = good.partition("?token=")
    part_token = seal(PartLink("staging/a", "b", 1, 1, "0" * 32, FAR))
    for bad in ("", "x", token[:-1], token + "A", token.replace(":", ""), f"{token.split(':')[0]}:::", part_token):
        response = client.get(address, {"token": bad})
        assert (response.status_code, response.json()["code"]) == (403, "link_refused")
    assert client.get(good).status_code == 200


def test_an_expired_link_says_so(client: Client, published: LocalPublishedStore) -> None:
    response = client.get(object_url(expires=1))
    assert (response.status_code, response.json()["code"]) == (403, "link_expired")


def test_a_link_made_with_another_secret_is_refused(
    client: Client, published: LocalPublishedStore, settings: Settings
) -> None:
    url = object_url()
    settings.SECRET_KEY = "another instance"
    assert client.get(url).status_code == 403


@pytest.mark.parametrize("method", ["get", "post", "patch", "delete"])
def test_a_part_takes_only_put(client: Client, upload: tuple[LocalIncomingStore, str], method: str) -> None:
    assert getattr(client, method)(part_url(upload[1])).status_code == 405


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_an_object_takes_only_reading(client: Client, published: LocalPublishedStore, method: str) -> None:
    assert getattr(client, method)(object_url()).status_code == 405
    assert published.info(DIGEST).size == len(CONTENT)


def test_a_part_needs_no_csrf_token_and_gives_no_cookie(upload: tuple[LocalIncomingStore, str]) -> None:
    response = put(Client(enforce_csrf_checks=True), part_url(upload[1]), CONTENT)
    assert response.status_code == 200
    assert not response.cookies


@pytest.mark.parametrize(
    "path",
    [
        "/storage/objects/../../../etc/passwd",
        "/storage/objects/%2e%2e/%2e%2e/etc/passwd",
        "/storage/objects/..%2f..%2fetc%2fpasswd",
        "/storage/objects/",
        "/storage/parts/",
        "/storage/",
        "/storage//etc/passwd",
    ],
)
def test_there_is_no_way_out_of_the_store(client: Client, published: LocalPublishedStore, path: str) -> None:
    assert client.get(path).status_code in {403, 404, 405}


def test_a_planted_link_is_not_followed(client: Client, published: LocalPublishedStore, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_bytes(b"secret")
    path = published.local_path(DIGEST)
    assert path is not None
    path.unlink()
    path.symlink_to(secret)
    assert client.get(object_url()).status_code == 404
    assert published.local_path(DIGEST) is None
    with pytest.raises(ObjectNotFoundError):
        published.open(DIGEST)


def test_a_planted_folder_link_is_not_followed(published: LocalPublishedStore, tmp_path: Path) -> None:
    path = published.local_path(DIGEST)
    assert path is not None
    folder = path.parent
    folder.rename(tmp_path / "elsewhere")
    folder.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(ObjectNotFoundError):
        published.open(DIGEST)


def test_a_folder_or_a_pipe_is_no_object(root: Path, upload: tuple[LocalIncomingStore, str]) -> None:
    (root / "incoming" / "staging" / "folder").mkdir(parents=True)
    os.mkfifo(root / "incoming" / "staging" / "pipe")
    for name in ("folder", "pipe"):
        with pytest.raises(ObjectNotFoundError):
            upload[0].open(f"staging/{name}")


def test_a_full_disk_is_said_clearly_and_leaves_nothing(root: Path) -> None:
    """/dev/full accepts an open and refuses every byte, as a full disk does."""
    store = LocalIncomingStore(root)
    storage_id = store.create("staging/a")

    def write_to_a_full_disk() -> None:
        with store.folder.writing("incoming/x") as file, Path("/dev/full").open("wb") as full:
            os.dup2(full.fileno(), file.fileno())
            file.write(CONTENT)

    with pytest.raises(StorageFullError):
        write_to_a_full_disk()
    assert everything_under(root) == []
    assert store.list_parts("staging/a", storage_id) == []


def test_no_link_is_logged(client: Client, published: LocalPublishedStore, caplog: pytest.LogCaptureFixture) -> None:
    """Neither a refusal nor a success writes down what would open the object to whoever reads the log."""
    url = object_url()
    token = url.partition("?token=")[2]
    client.get(url)
    client.get(url + "A")
    client.post(url)
    assert "/storage/objects/a.parquet" in caplog.text, "refusals are logged"
    assert token not in caplog.text
