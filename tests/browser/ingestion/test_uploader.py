"""The uploader in a real browser: parts straight to the store, interrupted and resumed."""

import hashlib
import random
from pathlib import Path

import pytest
from playwright.sync_api import Page, Request, Route, expect
from pytest_django import Settings

from collective.catalog.models import Contribution
from ingestion.models import Upload
from tests.browser.ingestion.watching import arrived, wait_for
from tests.services.clamd import EICAR, NAME
from tests.services.jobs import run_all_jobs

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

MIB = 1024 * 1024
PARTS = 8


@pytest.fixture
def big_file(tmp_path: Path, settings: Settings) -> Path:
    """Eight parts, of which the last is short."""
    settings.UPLOAD_PART_BYTES = 5 * MIB
    line = b'{"text": "%s"}\n'
    noise = random.Random(7)
    path = tmp_path / "conversations.jsonl"
    with path.open("wb") as file:
        while file.tell() < (5 * PARTS - 2) * MIB:
            file.write(line % noise.randbytes(500).hex().encode())
    return path


def test_a_reload_in_the_middle_resumes_where_it_was(page: Page, contribution: Contribution, big_file: Path) -> None:
    let_through: list[str] = []

    def first_three(route: Route) -> None:
        if len(let_through) < 3:
            let_through.append(route.request.url)
            route.continue_()

    page.on("dialog", lambda dialog: dialog.accept())
    page.route("**/storage/**", first_three)
    page.goto(f"/contributions/{contribution.pk}/")
    page.set_input_files("#chosen", big_file)
    wait_for(page, lambda: Upload.objects.exists() and arrived(Upload.objects.get()) == 3)

    page.reload()
    page.unroute("**/storage/**")
    assert arrived(Upload.objects.get()) == 3
    sent: list[str] = []
    page.on("request", lambda request: _note(request, sent))
    expect(page.locator("#files")).to_contain_text("unfinished")
    page.set_input_files("#chosen", big_file)
    upload = Upload.objects.get()
    wait_for(page, lambda: Upload.objects.get().state == "assembling")
    run_all_jobs()

    expect(page.locator("#files")).to_contain_text("stored")
    upload.refresh_from_db()
    assert (upload.state, upload.sha256) == ("stored", hashlib.sha256(big_file.read_bytes()).hexdigest())
    assert len(sent) == PARTS - 3
    expect(page.locator("[data-transfers] li")).to_have_count(0)


def test_pause_stops_and_go_on_finishes(page: Page, contribution: Contribution, big_file: Path) -> None:
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.goto(f"/contributions/{contribution.pk}/")
    page.route("**/storage/**", hold)
    page.set_input_files("#chosen", big_file)
    wait_for(page, lambda: len(held) == 4)
    page.get_by_role("button", name="Pause").click()
    expect(page.locator("[data-transfers]")).to_contain_text("Paused at")
    page.unroute("**/storage/**")

    page.wait_for_timeout(500)
    assert arrived(Upload.objects.get()) == 0

    page.get_by_role("button", name="Go on").click()
    wait_for(page, lambda: Upload.objects.get().state == "assembling")
    run_all_jobs()
    expect(page.locator("#files")).to_contain_text("stored")
    assert Upload.objects.get().sha256 == hashlib.sha256(big_file.read_bytes()).hexdigest()


def test_a_lost_connection_is_said_and_gone_on_after(page: Page, contribution: Contribution, big_file: Path) -> None:
    page.goto(f"/contributions/{contribution.pk}/")
    page.route("**/storage/**", lambda route: route.abort("internetdisconnected"))
    page.set_input_files("#chosen", big_file)
    expect(page.locator("[data-transfers]")).to_contain_text("The connection is lost", timeout=60_000)
    assert Upload.objects.get().state == "open"

    page.unroute("**/storage/**")
    wait_for(page, lambda: Upload.objects.get().state == "assembling")
    assert Upload.objects.count() == 1


def test_a_refusal_is_shown_in_the_servers_words(
    page: Page, contribution: Contribution, tmp_path: Path, settings: Settings
) -> None:
    settings.CONTRIBUTION_MAX_BYTES = 0
    small = tmp_path / "small.jsonl"
    small.write_text("{}\n")
    page.goto(f"/contributions/{contribution.pk}/")
    page.set_input_files("#chosen", small)
    expect(page.locator("[data-transfers]")).to_contain_text("This contribution would pass 0 GiB.")
    assert not Upload.objects.exists()


def test_an_empty_file_arrives(page: Page, contribution: Contribution, tmp_path: Path) -> None:
    empty = tmp_path / "empty.jsonl"
    empty.touch()
    page.goto(f"/contributions/{contribution.pk}/")
    page.set_input_files("#chosen", empty)
    wait_for(page, lambda: Upload.objects.filter(state="assembling").exists())
    run_all_jobs()
    expect(page.locator("#files")).to_contain_text("stored")
    assert Upload.objects.get().sha256 == hashlib.sha256(b"").hexdigest()


def _note(request: Request, sent: list[str]) -> None:
    if request.method == "PUT" and "/storage/" in request.url:
        sent.append(request.url)


@pytest.mark.parametrize("count", [1, 6])
def test_what_the_scanner_finds_is_said_and_can_be_removed(
    page: Page, contribution: Contribution, clamd: str, tmp_path: Path, settings: Settings, count: int
) -> None:
    """Alone, or among others that travel together."""
    settings.SCANNER = clamd
    paths = [tmp_path / f"{number}.txt" for number in range(count)]
    for number, path in enumerate(paths):
        path.write_bytes(b"" if number else EICAR)
    page.goto(f"/contributions/{contribution.pk}/")
    page.set_input_files("#chosen", paths)
    wait_for(page, lambda: Upload.objects.filter(state="assembling").count() == count)
    run_all_jobs()

    row = page.locator("#files [data-state=quarantined]")
    expect(row).to_contain_text(f"The malware scanner found “{NAME}” in this file. It will not be used.")
    expect(page.locator("[data-transfers] li")).to_have_count(0)
    row.get_by_role("button", name="Remove 0.txt").click()
    expect(page.locator("#files [data-upload]")).to_have_count(count - 1)
    assert Upload.objects.get(name="0.txt").state == "aborted"
