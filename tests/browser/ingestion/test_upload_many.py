"""A drop of many small files: one row, few requests, and nothing sent twice."""

import hashlib
from pathlib import Path

import pytest
from playwright.sync_api import Page, Request, Route, expect

from collective.catalog.models import Contribution
from ingestion.models import Upload
from tests.browser.ingestion.watching import note_sent, wait_for
from tests.services.jobs import run_all_jobs

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def clips(folder: Path, count: int) -> list[Path]:
    folder.mkdir()
    paths = [folder / f"{number:04}.wav" for number in range(count)]
    for path in paths:
        path.write_bytes(f"the sound of {path.name}".encode() * 20)
    return paths


def stored() -> dict[str, str]:
    return dict(Upload.objects.stored().values_list("name", "sha256"))


def digests(paths: list[Path]) -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in paths}


def test_300_clips_travel_in_one_row_and_a_few_requests(page: Page, contribution: Contribution, tmp_path: Path) -> None:
    asked: list[str] = []

    def note(request: Request) -> None:
        if request.method == "POST" and "/api/" in request.url:
            asked.append(request.url.rsplit("/uploads/", 1)[-1])

    page.on("request", note)
    sent = note_sent(page)
    paths = clips(tmp_path / "clips", 300)
    page.goto(f"/contributions/{contribution.pk}/")
    page.set_input_files("#chosen", paths)
    rows = page.locator("[data-transfers] > li")
    expect(rows).to_have_count(1)
    expect(rows).to_contain_text("300 files")
    wait_for(page, lambda: Upload.objects.filter(state="assembling").count() == 300)
    run_all_jobs()

    expect(page.locator("#files")).to_contain_text("300 files")
    expect(rows).to_have_count(0)
    assert stored() == digests(paths)
    assert len(sent) == 300
    assert asked == ["batch", "batch/complete"] * 2


def test_a_folder_keeps_the_names_of_its_folders(page: Page, contribution: Contribution, tmp_path: Path) -> None:
    folder = tmp_path / "corpus"
    clips(folder, 4)
    clips(folder / "b", 4)
    page.goto(f"/contributions/{contribution.pk}/")
    page.set_input_files("#chosen-folder", folder)
    wait_for(page, lambda: Upload.objects.filter(state="assembling").count() == 8)
    run_all_jobs()
    names = [f"corpus/{number:04}.wav" for number in range(4)]
    assert set(stored()) == {*names, *(name.replace("corpus/", "corpus/b/") for name in names)}
    expect(page.locator("#files")).to_contain_text("corpus/b/0001.wav")


def test_a_lost_connection_costs_only_what_had_not_arrived(
    page: Page, contribution: Contribution, tmp_path: Path
) -> None:
    cut: list[Route] = []

    def lose_the_tenth(route: Route) -> None:
        cut.append(route)
        if len(cut) == 10:
            route.abort("internetdisconnected")
        else:
            route.continue_()

    sent = note_sent(page)
    paths = clips(tmp_path / "clips", 40)
    page.goto(f"/contributions/{contribution.pk}/")
    page.route("**/storage/**", lose_the_tenth)
    page.set_input_files("#chosen", paths)
    expect(page.locator("[data-transfers]")).to_contain_text("The connection is lost")
    wait_for(page, lambda: Upload.objects.filter(state="assembling").count() == 40)
    run_all_jobs()
    wait_for(page, lambda: len(sent) == 40)
    assert stored() == digests(paths)


def test_a_link_that_expired_is_replaced_by_a_new_one(page: Page, contribution: Contribution, tmp_path: Path) -> None:
    refused: list[Route] = []

    def refuse_the_first(route: Route) -> None:
        refused.append(route)
        if len(refused) == 1:
            route.fulfill(status=403, body='{"code": "link_expired"}', content_type="application/problem+json")
        else:
            route.continue_()

    path = tmp_path / "one.jsonl"
    path.write_text('{"text": "one"}\n')
    page.goto(f"/contributions/{contribution.pk}/")
    page.route("**/storage/**", refuse_the_first)
    page.set_input_files("#chosen", path)
    wait_for(page, lambda: Upload.objects.filter(state="assembling").exists())
    assert len(refused) == 2


def test_what_was_refused_is_named_and_the_rest_arrives(page: Page, contribution: Contribution, tmp_path: Path) -> None:
    paths = clips(tmp_path / "clips", 8)
    twin = tmp_path / "clips" / "0003.WAV"
    twin.write_bytes(b"a twin")
    page.goto(f"/contributions/{contribution.pk}/")
    page.set_input_files("#chosen", [*paths, twin])
    wait_for(page, lambda: Upload.objects.filter(state="assembling").count() == 8)
    run_all_jobs()
    expect(page.locator("[data-transfers]")).to_contain_text("0003.WAV: “0003.WAV” is too close to “0003.wav”")
    expect(page.locator("[data-transfers]")).to_contain_text("1 of these files could not be taken")
    assert stored() == digests(paths)
