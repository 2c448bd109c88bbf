"""The main job on both kinds of store: `usefixtures("store")` is a folder with SQLite, an S3 server with PostgreSQL."""

from collections.abc import Iterator

import pytest
from pytest_django import Settings

from tests.services.s3 import S3Server
from tests.services.stores import LOCAL, RCLONE


@pytest.fixture(params=[LOCAL, RCLONE])
def store(request: pytest.FixtureRequest, settings: Settings) -> Iterator[str]:
    """The engine's name. Beside an S3 server nothing may be written to the folder."""
    engine: str = request.param
    if engine == "local":
        yield engine
        return
    server: S3Server = request.getfixturevalue("s3_server")
    settings.STORAGE_URL, settings.STORAGE_DIR = server.storage_url, settings.DATA_DIR / "unused"
    yield engine
    assert not settings.STORAGE_DIR.exists()
