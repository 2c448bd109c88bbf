"""One protocol, one fingerprint: what the browser began, the command finishes, and the other way round."""

import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.test import Client
from playwright.sync_api import Page, expect

from collective.catalog.models import Contribution
from collective.catalog.services import start_contribution
from ingestion.models import Upload
from tests.contract.client.command import killed
from tests.contract.client.conftest import Market
from tests.services.instance import eventually

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.usefixtures("worker")]
SECONDS = 60
PARTS = 5


@pytest.fixture
def contribution(market: Market, page: Page) -> Contribution:
    """The browser and the command go through the same wire, as the same person."""
    begun = start_contribution(actor=market.contributor, dataset_id=market.dataset.pk, title="Talks")
    client, name = Client(), django_settings.SESSION_COOKIE_NAME
    client.force_login(market.contributor)
    page.context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": market.site.url}])
    return begun


def test_the_command_finishes_what_the_browser_began(
    market: Market, page: Page, contribution: Contribution, big_file: Path
) -> None:
    market.site.most_puts = 2
    page.goto(f"{market.site.url}/contributions/{contribution.pk}/")
    page.set_input_files("input[type=file]", big_file)
    _wait_until(page, lambda: len(market.site.answered("PUT")) == 2 and market.site.held_count)
    page.goto("about:blank")

    market.site.open_again()
    done = market.command.upload(big_file, "--contribution", str(contribution.pk))
    assert done.status == 0, done.err
    assert len(market.site.answered("PUT")) == PARTS - 2
    _assert_whole(big_file)


def test_the_browser_finishes_what_the_command_began(
    market: Market, page: Page, contribution: Contribution, big_file: Path
) -> None:
    market.site.most_puts = 3
    process = market.command.start(big_file, "--contribution", str(contribution.pk))
    assert eventually(lambda: len(market.site.answered("PUT")) == 3 and market.site.held_count, seconds=SECONDS)
    killed(process)

    market.site.open_again()
    page.goto(f"{market.site.url}/contributions/{contribution.pk}/")
    page.set_input_files("input[type=file]", big_file)
    expect(page.locator("#files")).to_contain_text("stored", timeout=SECONDS * 1000)
    assert len(market.site.answered("PUT")) == PARTS - 3
    _assert_whole(big_file)


def _assert_whole(path: Path) -> None:
    upload = Upload.objects.get()
    assert (upload.state, upload.sha256) == ("stored", hashlib.sha256(path.read_bytes()).hexdigest())


def _wait_until(page: Page, holds: Callable[[], object]) -> None:
    """The browser works while its page is asked to wait."""
    for _ in range(SECONDS * 10):
        if holds():
            return
        page.wait_for_timeout(100)
    raise AssertionError("it did not happen in time")
