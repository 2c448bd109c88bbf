"""A licensed job beside strangers, on either store."""

from dataclasses import dataclass
from pathlib import Path

import pytest
from pytest_django import Settings

from collective.accounts.models import User
from collective.catalog.models import Contribution, Dataset, DatasetVersion
from licensing.models import LicenseGrant
from tests.integration.licensing import world
from tests.integration.licensing.bypass.routes import Caller, archived, caller
from tests.services.stores import LOCAL, RCLONE


@pytest.fixture(params=[LOCAL, RCLONE], autouse=True)
def mode(request: pytest.FixtureRequest, settings: Settings, tmp_path: Path) -> str:
    """Where the bytes lie. Set before anything is published."""
    settings.STORAGE_DIR, settings.STORAGE_URL = tmp_path / "objects", ""
    if request.param == "rclone":
        settings.STORAGE_URL = request.getfixturevalue("s3_server").storage_url
    return str(request.param)


@dataclass
class Scene:
    dataset: Dataset
    version: DatasetVersion
    contribution: Contribution
    steward: User
    contributor: User
    buyer: User
    grant: LicenseGrant
    job: Caller
    token: str

    def reload(self) -> None:
        """Rows as the next request reads them."""
        self.version = DatasetVersion.objects.select_related("dataset__organization").get(pk=self.version.pk)
        self.dataset = self.version.dataset


@pytest.fixture
def scene(
    dataset: Dataset,
    version: DatasetVersion,
    contribution: Contribution,
    steward: User,
    contributor: User,
    buyer: User,
) -> Scene:
    """A license of 30 days, a key, and a download session that is open."""
    offer = world.offered(dataset, steward, duration_days=30)
    version.dataset.refresh_from_db()
    grant = world.granted(offer, version, buyer)
    job = caller(buyer)
    archived(version)
    token = job.token(version)
    return Scene(dataset, version, contribution, steward, contributor, buyer, grant, job, token)
