"""The upload suites run against every store: a folder behind our own links, and two S3 servers."""

from pathlib import Path

import pytest
from pytest_django import Settings

from tests.contract.storage.conftest import Stores, stores_on
from tests.services.stores import LOCAL, MOTO, RCLONE


@pytest.fixture(params=[LOCAL, MOTO, RCLONE])
def stores(request: pytest.FixtureRequest, settings: Settings, tmp_path: Path) -> Stores:
    return stores_on(request.param, request, settings, tmp_path)
