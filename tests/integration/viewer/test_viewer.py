"""The viewer's answers about a version in two configs and two splits; none of them opens a file or leaves a record."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from collective.catalog.models import Dataset, DatasetVersion
from ingestion.domain.splitting import ConfigRule, Layout, SplitRule
from ingestion.services import figures, set_layout
from licensing.models import AccessRecord, OwnershipClaim
from licensing.services import withdraw_contribution
from tests.contract.hub.published import key_for
from tests.factories import DatasetFactory, OrganizationFactory, UserFactory
from tests.integration.ingestion.flow import accepted, published_version

ROWS = 60
ROUTES = ("is-valid", "splits", "info", "parquet", "size", "first-rows", "rows", "statistics")
PLACES = [(config, split) for config in ("de", "en") for split in ("test", "train")]


def record(number: int) -> dict[str, Any]:
    language, part = ("en", "de")[number % 2], "test" if number % 6 < 2 else "train"
    return {"text": f"{language} {part} {number}", "lang": language, "part": part, "n": number}


def lines() -> bytes:
    return "".join(f"{json.dumps(record(number))}\n" for number in range(ROWS)).encode()


@pytest.fixture
def few_parts(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> int:
    """So many at most have figures of their own."""
    most: int = request.param
    monkeypatch.setattr(figures, "MOST_PARTS", most)
    return most


@pytest.fixture
def version(db: None, settings: Settings, tmp_path: Path) -> DatasetVersion:
    """Once it is published its objects are taken away: what is told after that was stored beside them."""
    settings.STORAGE_DIR = tmp_path / "objects"
    steward = UserFactory.create()
    organization = OrganizationFactory.create(slug="acme", owner=steward)
    dataset: Dataset = DatasetFactory.create(
        organization=organization, steward=steward, slug="lines", summary="Lines.", open_to_contributions=True
    )
    accepted(dataset, ("lines.jsonl", lines()))
    layout = Layout(split=SplitRule(kind="column", column="part"), config=ConfigRule(kind="column", column="lang"))
    set_layout(actor=steward, dataset_id=dataset.pk, layout=layout)
    found = published_version(dataset)
    Dataset.objects.update(state="listed")
    shutil.rmtree(settings.STORAGE_DIR)
    return found


@pytest.fixture(autouse=True)
def _nothing_is_given(db: None) -> Any:
    yield
    assert AccessRecord.objects.count() == 0


def ask(route: str, key: str = "", **query: Any) -> Any:
    sent = {"Authorization": f"Bearer {key}"} if key else {}
    return Client(headers=sent).get(f"/viewer/{route}", {"dataset": "acme/lines", **query})


def told(route: str, **query: Any) -> Any:
    answer = ask(route, **query)
    assert answer.status_code == 200, answer.content
    assert not answer.cookies
    return answer.json()


def refused(route: str, key: str = "", **query: Any) -> tuple[int, str]:
    answer = ask(route, key, **query)
    return answer.status_code, answer.json()["error"]


def everywhere(key: str = "") -> set[int]:
    return {ask(route, key, config="en", split="train").status_code for route in ROUTES}


def test_what_there_is(version: DatasetVersion, settings: Settings) -> None:
    assert told("is-valid") == {
        "preview": True,
        "viewer": False,
        "search": False,
        "filter": False,
        "statistics": True,
    }
    parts = [{"dataset": "acme/lines", "config": config, "split": split} for config, split in PLACES]
    assert told("splits") == {"splits": parts, "pending": [], "failed": []}
    assert told("splits", config="en")["splits"] == parts[2:]
    listed = told("parquet")
    assert (listed["partial"], listed["pending"], listed["failed"], listed["features"]) == (False, [], [], None)
    base = f"{settings.SITE_URL}/datasets/acme/lines/resolve/{version.commit_id}"
    files = version.files.filter(kind="data").order_by("path")
    assert [(each["url"], each["size"]) for each in listed["parquet_files"]] == [
        (f"{base}/{file.path}", file.size) for file in files
    ]
    assert ask("parquet").headers["X-Revision"] == version.commit_id
    assert set(told("parquet", config="de")["features"]) == {"text", "lang", "part", "n", "record_id"}


def test_sizes_and_infos(version: DatasetVersion) -> None:
    size = told("size")["size"]
    assert (size["dataset"]["num_rows"], size["dataset"]["num_bytes_parquet_files"]) == (ROWS, version.byte_count)
    assert [(each["config"], each["split"], each["num_rows"]) for each in size["splits"]] == [
        (config, split, ROWS // 6 if split == "test" else ROWS // 3) for config, split in PLACES
    ]
    assert told("size", config="en")["size"]["config"]["num_rows"] == ROWS // 2
    infos = told("info")["dataset_info"]
    assert {name: sorted(info["splits"]) for name, info in infos.items()} == {
        "de": ["test", "train"],
        "en": ["test", "train"],
    }
    assert told("info", config="en")["dataset_info"] == infos["en"]
    assert infos["en"]["features"]["n"] == {"_type": "Value", "dtype": "int64"}


def test_rows_of_the_preview_and_no_others(version: DatasetVersion, settings: Settings) -> None:
    first = told("first-rows", config="en", split="test")
    assert [each["name"] for each in first["features"]] == ["record_id", "text", "lang", "part", "n"]
    rows = [each["row"] for each in first["rows"]]
    assert 0 < len(rows) < ROWS // 6
    assert {(row["lang"], row["part"]) for row in rows} == {("en", "test")}
    assert [row["row_idx"] for row in first["rows"]] == list(range(len(rows)))
    assert first["truncated"] is True
    page = told("rows", config="en", split="test", offset=1, length=100)
    assert [each["row"] for each in page["rows"]] == rows[1:]
    assert (page["num_rows_total"], page["partial"]) == (ROWS // 6, True)
    assert "need a license" in page["message"]
    status, error = refused("rows", config="en", split="test", offset=len(rows))
    assert (status, f"{settings.SITE_URL}/datasets/acme/lines/" in error) == (403, True)
    assert told("rows", config="en", split="test", offset=ROWS)["rows"] == []
    assert "message" not in told("rows", config="en", split="test", length=1)


def test_statistics_are_those_of_the_split(version: DatasetVersion) -> None:
    for config, split in PLACES:
        rows = [each for each in map(record, range(ROWS)) if (each["lang"], each["part"]) == (config, split)]
        found = told("statistics", config=config, split=split)
        assert (found["num_examples"], found["partial"]) == (len(rows), False)
        by_name = {each["column_name"]: each for each in found["statistics"]}
        assert (by_name["lang"]["column_type"], by_name["lang"]["column_statistics"]["frequencies"]) == (
            "string_label",
            {config: len(rows)},
        )
        numbers, counted = by_name["n"]["column_statistics"], [each["n"] for each in rows]
        assert (numbers["min"], numbers["max"]) == (min(counted), max(counted))
        assert (numbers["mean"], sum(numbers["histogram"]["hist"])) == (sum(counted) / len(rows), len(rows))


@pytest.mark.once
@pytest.mark.parametrize("few_parts", [3], indirect=True)
def test_figures_of_more_than_is_asked_about_are_not_told(
    few_parts: int, version: DatasetVersion, settings: Settings
) -> None:
    assert few_parts < len(PLACES)
    assert version.statistics["rows"] == ROWS
    status, error = refused("statistics", config="en", split="train")
    assert (status, f"{settings.SITE_URL}/datasets/acme/lines/" in error) == (404, True)
    assert told("is-valid")["statistics"] is False


@pytest.mark.once
def test_questions_without_an_answer(version: DatasetVersion) -> None:
    assert refused("first-rows")[0] == 400
    assert refused("rows", config="en", split="train", length=101)[0] == 400
    assert refused("rows", config="en", split="train", offset=-1)[0] == 400
    assert refused("splits", dataset="")[0] == 400
    status, error = refused("splits", config="fr")
    assert (status, "It has: de test, de train, en test, en train." in error) == (404, True)
    assert refused("search", config="en", split="train", query="x")[0] == 404
    assert refused("splits", "dck_live_wrong") == (401, "Invalid credentials in Authorization header")
    for name in ("acme/none", "none/lines", "lines"):
        assert refused("splits", dataset=name)[0] == 401
        assert refused("splits", key_for(UserFactory.create()), dataset=name)[0] == 404


@pytest.mark.once
def test_who_sees_no_page_sees_no_preview(version: DatasetVersion) -> None:
    member, stranger = key_for(version.dataset.created_by), key_for(UserFactory.create())
    Dataset.objects.update(visibility="private")
    assert (everywhere(), everywhere(stranger), everywhere(member)) == ({401}, {404}, {200})
    Dataset.objects.update(visibility="public", state="quarantined")
    assert everywhere() == everywhere(member) == {403}


def test_what_is_claimed_by_somebody_else_is_not_shown(version: DatasetVersion) -> None:
    OwnershipClaim.objects.create(
        dataset=version.dataset, name="Efua", email="efua@example.org", state="upheld", filed_at=timezone.now()
    )
    assert told("is-valid") == dict.fromkeys(("preview", "viewer", "search", "filter", "statistics"), False)
    for route in ("first-rows", "rows", "statistics"):
        assert refused(route, config="en", split="train")[0] == 403
        assert ask(route, key_for(version.dataset.created_by), config="en", split="train").status_code == 200


def test_what_was_withdrawn_is_gone_at_once(version: DatasetVersion) -> None:
    held = version.holdings.get().contribution
    withdraw_contribution(actor=held.contributor, contribution_id=held.pk)
    assert everywhere() == {403}


@pytest.mark.once
def test_the_viewers_own_host(version: DatasetVersion, settings: Settings) -> None:
    """Nothing but the viewer answers there, and the site's own host answers as before."""
    browser = Client(SERVER_NAME=settings.VIEWER_HOST)
    answer = browser.get("/splits?dataset=acme/lines")
    assert answer.json() == told("splits")
    assert not answer.cookies
    for path in ("/", "/datasets/acme/lines/", "/api/datasets/acme/lines", "/viewer/splits"):
        assert browser.get(path).status_code == 404
    assert Client().get("/splits?dataset=acme/lines").status_code == 404
