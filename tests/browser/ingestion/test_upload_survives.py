"""300 MB through everything that happens to people: the network goes, then the tab goes."""

import hashlib
import random
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from collective.catalog.models import Contribution
from ingestion.models import Upload
from tests.browser.ingestion.watching import arrived, note_sent, wait_for
from tests.services.jobs import run_all_jobs

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SIZE = 300_000_000
PARTS = 18
BLOCK = 1_000_000
UPLOAD_BYTES_PER_SECOND = 80_000_000


@pytest.fixture
def large_file(tmp_path: Path) -> Path:
    """Every block is another, so that a part in a wrong place would be noticed."""
    noise = random.Random(20).randbytes(BLOCK - 8)
    path = tmp_path / "archive.tar"
    with path.open("wb") as file:
        for number in range(SIZE // BLOCK):
            file.write(number.to_bytes(8, "big") + noise)
    return path


class Network:
    """The page's connection: slow enough to be cut in the middle, and cut."""

    def __init__(self, page: Page) -> None:
        self._session = page.context.new_cdp_session(page)
        self.connect()

    def connect(self) -> None:
        self._set(offline=False)

    def cut(self) -> None:
        self._set(offline=True)

    def _set(self, *, offline: bool) -> None:
        conditions = {
            "offline": offline,
            "latency": 0,
            "downloadThroughput": -1,
            "uploadThroughput": UPLOAD_BYTES_PER_SECOND,
        }
        self._session.send("Network.emulateNetworkConditions", conditions)


def settled(page: Page, upload: Upload) -> int:
    """How many parts the store has, once what was on its way has ended."""
    before = -1
    while before != (now := arrived(upload)):
        before = now
        page.wait_for_timeout(500)
    return now


def test_300_mb_survive_the_loss_of_the_network_and_of_the_tab(
    page: Page, contribution: Contribution, large_file: Path
) -> None:
    address = f"/contributions/{contribution.pk}/"
    first_tab = page.context.new_page()
    network = Network(first_tab)
    sent = note_sent(first_tab)
    first_tab.goto(address)
    first_tab.set_input_files("#chosen", large_file)
    wait_for(first_tab, lambda: len(sent) >= 3)

    network.cut()
    expect(first_tab.locator("[data-transfers]")).to_contain_text("You are offline.")
    upload = Upload.objects.get()
    before_the_cut = settled(first_tab, upload)
    network.connect()
    wait_for(first_tab, lambda: len(sent) >= before_the_cut + 3)
    first_tab.close()
    kept = settled(page, upload)
    assert before_the_cut < kept < PARTS

    sent_again = note_sent(page)
    page.goto(address)
    expect(page.locator("#files")).to_contain_text("it goes on where it stopped")
    page.set_input_files("#chosen", large_file)
    wait_for(page, lambda: Upload.objects.get().state == "assembling")
    run_all_jobs()

    expect(page.locator("#files")).to_contain_text("stored")
    with large_file.open("rb") as file:
        expected = hashlib.file_digest(file, "sha256").hexdigest()
    upload.refresh_from_db()
    assert (upload.state, upload.size, upload.sha256) == ("stored", SIZE, expected)
    assert len(sent_again) == PARTS - kept
    contribution.refresh_from_db()
    assert (contribution.file_count, contribution.byte_count) == (1, SIZE)
