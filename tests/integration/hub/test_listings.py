"""Lists: pages, filters, folders, and what changes when a new version comes."""

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from collective.catalog.models import VersionFile
from collective.interop.hub.views import files
from tests.contract.hub.published import Market, key_for, publish
from tests.factories import OrganizationFactory
from tests.integration.hub.conftest import Caller
from tests.integration.licensing import world

pytestmark = pytest.mark.once  # forms of answers

API = "/api/datasets/acme/greetings"


def following(response: Any) -> str:
    """The next page's path and query, from the Link header."""
    address, relation = response["Link"].split("; ")
    assert relation == 'rel="next"'
    parts = urlsplit(address.strip("<>"))
    assert parts.scheme
    return f"{parts.path}?{parts.query}"


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", True),
        ("author=acme", True),
        ("author=other", False),
        ("search=SHORT", True),
        ("search=greet&search=nothing", False),
        ("filter=language:ar", True),
        ("filter=language:a", False),
        ("filter=en", True),
        ("filter=task_categories:text-classification&filter=modality:text", True),
        ("filter=modality:audio", False),
        ("filter=license:other", True),
        ("filter=license:mit", False),
        ("filter=benchmark:official", False),
        ("gated=true", True),
        ("gated=False", False),
        ("sort=createdAt&direction=-1&limit=5&full=true", True),
        ("sort=downloads&limit=100000", True),
    ],
)
def test_finding_datasets(anybody: Caller, query: str, found: bool) -> None:
    response = anybody.get(f"/api/datasets?{query}")
    assert [each["id"] for each in response.json()] == ["acme/greetings"] * found
    assert "Link" not in response.headers


def test_a_search_has_twenty_conditions_at_most(anybody: Caller) -> None:
    assert len(anybody.get(f"/api/datasets?{'&'.join(['search=greet'] * 20)}").json()) == 1
    for name in ("search", "filter"):
        refused = anybody.get(f"/api/datasets?{'&'.join([f'{name}=greet'] * 21)}")
        assert (refused.status_code, "at most 20 times" in refused["X-Error-Message"]) == (400, True)


def test_a_list_reads_no_previews(anybody: Caller, django_assert_max_num_queries: Any) -> None:
    with django_assert_max_num_queries(4) as asked:
        assert len(anybody.get("/api/datasets?full=true").json()) == 1
    assert not [each["sql"] for each in asked.captured_queries if '"preview"' in each["sql"]]


def test_the_list_has_pages(anybody: Caller, market: Market) -> None:
    other = market.dataset
    other.pk, other.slug, other._state.adding = None, "farewells", True
    other.id = type(other)._meta.pk.get_default()
    other.save()
    copy = market.version
    copy.pk, copy.dataset, copy._state.adding = type(copy)._meta.pk.get_default(), other, True
    copy.save(force_insert=True)
    first = anybody.get("/api/datasets?limit=1")
    second = anybody.get(following(first))
    assert [each["id"] for page in (first, second) for each in page.json()] == ["acme/farewells", "acme/greetings"]
    assert "Link" not in second.headers


def test_a_cursor_that_we_did_not_give(anybody: Caller) -> None:
    assert anybody.get("/api/datasets?cursor=x").status_code == 400
    assert anybody.get(f"{API}/tree/main?cursor=-1").status_code == 400


def test_a_cursor_of_another_list(anybody: Caller) -> None:
    """Its key may be of another type, and would end in a comparison that the database cannot make."""
    next_page = anybody.get("/api/v1/licenses?limit=1").json()["next"]
    cursor = urlsplit(next_page).query
    assert anybody.get(f"/api/v1/licenses?{cursor}").status_code == 200
    assert anybody.get(f"/api/v1/datasets?{cursor}").status_code == 400
    assert anybody.get(f"/api/datasets?{cursor}").status_code == 400


def test_no_number_is_too_long(anybody: Caller) -> None:
    assert len(anybody.get(f"/api/datasets?limit={'9' * 5000}").json()) == 1


def test_endless_brackets_are_refused(anybody: Caller) -> None:
    answer = anybody.post(f"{API}/paths-info/main", "[" * 100_000, "application/json")
    assert answer.status_code == 400


def test_the_tree_has_pages_pinned_to_a_commit(
    anybody: Caller, market: Market, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "PAGE", 3)
    paths, response = [], anybody.get(f"{API}/tree/main?recursive=True")
    while True:
        paths += [entry["path"] for entry in response.json()]
        if "Link" not in response.headers:
            break
        assert market.version.commit_id in response["Link"]
        response = anybody.get(following(response))
    shards = [f"en/train-{index:05d}-of-00004.parquet" for index in range(4)]
    assert paths == ["README.md", "croissant.json", "en", *shards, "manifest.json"]


def test_a_folder(anybody: Caller) -> None:
    listed = anybody.get(f"{API}/tree/main/en").json()
    assert [entry["path"] for entry in listed] == [f"en/train-{index:05d}-of-00004.parquet" for index in range(4)]
    assert anybody.get(f"{API}/tree/main/no%2Fsuch").headers["X-Error-Code"] == "EntryNotFound"
    assert anybody.get(f"{API}/tree/main/README.md").headers["X-Error-Code"] == "EntryNotFound"


def test_siblings_tree_and_resolve_name_the_same_files(anybody: Caller, buyer: Caller, market: Market) -> None:
    tree = [entry for entry in anybody.get(f"{API}/tree/main?recursive=1").json() if entry["type"] == "file"]
    siblings = anybody.get(f"{API}?blobs=True").json()["siblings"]
    assert {each["path"]: each["oid"] for each in tree} == {each["rfilename"]: each["blobId"] for each in siblings}
    for entry in tree:
        head = buyer.head(f"/datasets/acme/greetings/resolve/main/{entry['path']}")
        assert (head.status_code, head["Content-Length"]) == (200, str(entry["size"]))
        assert head["ETag"] == f'"{entry.get("lfs", entry)["oid"]}"'
    assert len(tree) == VersionFile.objects.filter(version=market.version).count()


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        ("paths=en&paths=README.md&paths=no&expand=True", "application/x-www-form-urlencoded"),
        ('{"paths": ["en", "README.md", "no"], "expand": true}', "application/json"),
    ],
)
def test_paths_info(anybody: Caller, market: Market, body: str, content_type: str) -> None:
    entries = anybody.post(f"{API}/paths-info/main", body, content_type).json()
    assert [(entry["path"], entry["type"]) for entry in entries] == [("en", "directory"), ("README.md", "file")]
    assert {entry["lastCommit"]["id"] for entry in entries} == {market.version.commit_id}


def test_a_new_version_moves_main_and_nothing_else(anybody: Caller, market: Market, tmp_path: Path) -> None:
    newer = publish(market.dataset, market.steward, market.contribution, tmp_path, shards=2)
    old, new = market.version.commit_id, newer.commit_id
    assert anybody.get(API).json()["sha"] == new
    assert anybody.get(f"{API}/revision/v1.0.0").json()["sha"] == old
    refs = anybody.get(f"{API}/refs").json()
    assert refs["branches"][0]["targetCommit"] == new
    assert {tag["name"]: tag["targetCommit"] for tag in refs["tags"]} == {"v1.0.0": old, "v1.1.0": new}
    assert [each["id"] for each in anybody.get(f"{API}/commits/main").json()] == [new, old]
    assert [each["id"] for each in anybody.get(f"{API}/commits/v1.0.0").json()] == [old]
    assert len(anybody.get(f"{API}/tree/{old}/en").json()) == 4
    assert len(anybody.get(f"{API}/tree/{new}/en").json()) == 2


def test_whoami(buyer: Caller, market: Market) -> None:
    said = buyer.get("/api/whoami-v2").json()
    assert (said["name"], said["fullname"], said["type"]) == ("bela", "Bela", "user")
    assert said["auth"]["accessToken"] == {"displayName": "laptop", "role": "read"}
    pushing = Caller(key_for(market.steward, "upload")).get("/api/whoami-v2").json()
    assert pushing["auth"]["accessToken"]["role"] == "write"


def test_an_offer_for_one_organization_is_in_no_listing(market: Market, anybody: Caller) -> None:
    holder = OrganizationFactory.create()
    world.offered(market.dataset, market.steward, "ODbL-1.0", audience_id=holder.pk)
    info = anybody.get(f"/api/datasets/{market.dataset.repo_id}")
    assert "odbl" not in info.content.decode().lower()
    assert anybody.get("/api/datasets?filter=license:odbl-1.0").json() == []
