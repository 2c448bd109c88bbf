"""Doing over HTTP what a browser or a training job does with a signed request."""

import hashlib
from collections.abc import Mapping

import httpx

from collective.core.ids import new_id
from collective.core.storage.base import IncomingStore, PartSpec, SignedRequest, StoredPart
from collective.core.storage.errors import UploadNotFoundError

MIB = 1024 * 1024
# Smaller parts are refused by real S3 servers, except as the last one.
PART = 5 * MIB


def new_key() -> str:
    return f"staging/{new_id()}/0"


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def spec(number: int, content: bytes) -> PartSpec:
    return PartSpec(number, len(content), hashlib.md5(content, usedforsecurity=False).hexdigest())


def send(signed: SignedRequest, content: bytes = b"", headers: Mapping[str, str] | None = None) -> httpx.Response:
    return httpx.request(
        signed.method, signed.url, content=content or None, headers={**signed.headers, **(headers or {})}
    )


def upload(store: IncomingStore, key: str, *contents: bytes) -> str:
    """Begin an upload and send its parts; returns the storage id."""
    storage_id = store.create(key)
    for number, content in enumerate(contents, start=1):
        response = send(store.sign_part(key, storage_id, spec(number, content)), content)
        assert response.status_code == 200, response.text
    return storage_id


def arrived(store: IncomingStore, key: str, storage_id: str) -> list[StoredPart]:
    """rclone drops the whole upload when the MD5 of one part is wrong: then, too, nothing has arrived."""
    try:
        return store.list_parts(key, storage_id)
    except UploadNotFoundError:
        return []
