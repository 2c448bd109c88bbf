"""Stored bytes. `incoming()` takes what users send, `published()` keeps what versions are made of."""

from functools import lru_cache
from pathlib import Path

from django.conf import settings

from collective.core.storage.base import IncomingStore, PublishedStore
from collective.core.storage.local import LocalIncomingStore, LocalPublishedStore


def incoming() -> IncomingStore:
    return _stores(settings.STORAGE_URL, Path(settings.STORAGE_DIR))[0]


def published() -> PublishedStore:
    return _stores(settings.STORAGE_URL, Path(settings.STORAGE_DIR))[1]


@lru_cache(maxsize=8)
def _stores(url: str, folder: Path) -> tuple[IncomingStore, PublishedStore]:
    if url:
        from collective.core.storage.s3 import connect  # noqa: PLC0415 - loads boto3, which only an S3 store needs

        return connect(url)
    folder.mkdir(parents=True, exist_ok=True)
    return LocalIncomingStore(folder), LocalPublishedStore(folder)
