"""The main job on every store: `usefixtures("store")` is a folder with SQLite and two S3 servers with PostgreSQL."""

from collections.abc import Iterator

import pytest
from pytest_django import Settings

from tests.services.s3 import S3Server
from tests.services.stores import LOCAL

SERVERS = {"moto": "moto_server", "rclone": "s3_server"}


@pytest.fixture(params=[LOCAL, *(pytest.param(name, marks=pytest.mark.postgresql) for name in SERVERS)])
def store(request: pytest.FixtureRequest, settings: Settings) -> Iterator[str]:
    """The engine's name. Beside an S3 server nothing may be written to the folder."""
    engine: str = request.param
    if engine == "local":
        yield engine
        return
    server: S3Server = request.getfixturevalue(SERVERS[engine])
    settings.STORAGE_URL, settings.STORAGE_DIR = server.storage_url, settings.DATA_DIR / "unused"
    yield engine
    assert not settings.STORAGE_DIR.exists()
