"""Every engine under the same tests: the local folder over a live site, moto and rclone over their own sockets."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

import pytest
from pytest_django import Settings

from collective.core import storage
from collective.core.storage.base import IncomingStore, PublishedStore

# Where a server is known not to enforce something (ingestion reference 1), its test names the engines that do.
ENGINES = ("local", "moto", "rclone")


class Stores(Protocol):
    engine: str
    incoming: IncomingStore
    published: PublishedStore


class _Stores:
    def __init__(self, engine: str) -> None:
        self.engine, self.incoming, self.published = engine, storage.incoming(), storage.published()


def stores_on(engine: str, request: pytest.FixtureRequest, settings: Settings, tmp_path: Path) -> Stores:
    if engine == "local":
        request.getfixturevalue("live_site")
        settings.STORAGE_DIR = tmp_path / "objects"
        settings.STORAGE_URL = ""
    else:
        server: Any = request.getfixturevalue({"moto": "moto_server", "rclone": "s3_server"}[engine])
        settings.STORAGE_URL = server.storage_url
    return _Stores(engine)


@pytest.fixture(params=ENGINES)
def stores(request: pytest.FixtureRequest, settings: Settings, tmp_path: Path) -> Stores:
    return stores_on(request.param, request, settings, tmp_path)


@pytest.fixture
def make_file(tmp_path: Path) -> Callable[[bytes], Path]:
    def make(content: bytes) -> Path:
        path = tmp_path / "file"
        path.write_bytes(content)
        return path

    return make
