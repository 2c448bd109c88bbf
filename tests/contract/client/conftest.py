"""A dataset that takes contributions, a person with a key, and the site and its store behind wires of ours."""

import random
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.db import connection
from pytest_django import Settings

from collective.accounts.models import User
from collective.catalog.models import Dataset
from tests.contract.client.command import Command
from tests.contract.client.wire import Wire, wire_to
from tests.contract.hub.published import key_for
from tests.factories import DatasetFactory, OrganizationFactory, UserFactory
from tests.services.jobs import run_all_jobs
from tests.services.s3 import S3Server

MIB = 1024 * 1024
PART = 5 * MIB
FILE_BYTES = 22 * MIB + 12345  # five parts, the last one short; too large for a batch


@dataclass
class Market:
    """`site` and `store` are the same wire where the site itself takes the bytes."""

    dataset: Dataset
    contributor: User
    site: Wire
    store: Wire
    command: Command


MakeMarket = Callable[[str], Market]


@pytest.fixture
def market_on(
    request: pytest.FixtureRequest, transactional_db: None, live_site: str, settings: Settings, tmp_path: Path
) -> Iterator[MakeMarket]:
    with ExitStack() as wires:

        def make(engine: str) -> Market:
            site = store = wires.enter_context(wire_to(live_site))
            settings.SITE_URL, settings.UPLOAD_PART_BYTES = site.url, PART
            settings.STORAGE_DIR, settings.STORAGE_URL = tmp_path / "objects", ""
            if engine != "local":
                server: S3Server = request.getfixturevalue({"moto": "moto_server", "rclone": "s3_server"}[engine])
                store = wires.enter_context(wire_to(server.endpoint))
                settings.STORAGE_URL = f"{server.storage_url}&public={store.url}"
            owner, contributor = UserFactory.create(name="Amara"), UserFactory.create(name="Chidi")
            acme = OrganizationFactory.create(slug="acme", name="Acme Speech", owner=owner)
            dataset = DatasetFactory.create(organization=acme, steward=owner, slug="voices", title="Voices")
            return Market(dataset, contributor, site, store, Command(site.url, key_for(contributor, "upload")))

        yield make


@pytest.fixture
def market(market_on: MakeMarket) -> Market:
    return market_on("local")


@pytest.fixture
def worker() -> Iterator[None]:
    """Does the site's jobs while the command waits for them."""
    ended = threading.Event()

    def work() -> None:
        with closing(connection):
            while not ended.wait(0.1):
                run_all_jobs()

    thread = threading.Thread(target=work)
    thread.start()
    yield
    ended.set()
    thread.join()


@pytest.fixture
def big_file(tmp_path: Path) -> Path:
    path = tmp_path / "conversations.jsonl"
    path.write_bytes(random.Random(7).randbytes(FILE_BYTES))
    return path


@pytest.fixture
def clips(tmp_path: Path) -> Path:
    """300 clips in three folders, and the list of them beside."""
    folder, noise = tmp_path / "recordings", random.Random(11)
    for number in range(300):
        clip = folder / "clips" / f"speaker-{number % 3}" / f"{number:04}.wav"
        clip.parent.mkdir(parents=True, exist_ok=True)
        clip.write_bytes(noise.randbytes(noise.randint(100, 9000)))
    (folder / "metadata.csv").write_text("file_name,text\n", encoding="utf-8")
    return folder
