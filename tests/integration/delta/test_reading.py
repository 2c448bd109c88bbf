"""Names, versions, metadata and files of a table for somebody who licensed the dataset."""

import io
import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from django.test import Client
from pytest_django import Settings

from collective.accounts.models import ApiKey
from collective.accounts.services import revoke_api_key
from licensing.models import AccessRecord, LicenseGrant
from licensing.services import suspend_grant
from tests.contract.hub.published import Market, greeting, publish
from tests.factories import DatasetFactory
from tests.integration.delta.conftest import SHARE, TABLE, Reader
from tests.integration.licensing import world as licensing_world


def told(answer: Any) -> list[dict[str, Any]]:
    assert answer.status_code == 200, answer.content
    return [json.loads(line) for line in answer.content.decode("ascii").splitlines()]


def files(answer: Any) -> list[dict[str, Any]]:
    return [each["file"] for each in told(answer)[2:]]


def texts(answer: Any) -> list[str]:
    """What the addresses give, without a key."""
    found = []
    for each in files(answer):
        content = Client().get(each["url"]).getvalue()
        assert len(content) == each["size"]
        found += pq.read_table(io.BytesIO(content))["text"].to_pylist()
    return found


def test_names(buyer: Reader, member: Reader) -> None:
    for reader in (buyer, member):
        _check_names(reader)


def _check_names(reader: Reader) -> None:
    assert reader.get("/delta/shares").content == b'{"items": [{"name": "acme"}]}'
    assert reader.get(f"{SHARE}/schemas").json() == {"items": [{"share": "acme", "name": "greetings"}]}
    table = {"share": "acme", "schema": "greetings", "name": "en-train"}
    assert reader.get(f"{SHARE}/schemas/greetings/tables").json() == {"items": [table]}
    assert reader.get(f"{SHARE}/all-tables").json() == {"items": [table]}


def test_version_and_metadata(buyer: Reader) -> None:
    version, metadata = buyer.get(f"{TABLE}/version"), buyer.get(f"{TABLE}/metadata")
    assert (version.content, version.headers["delta-table-version"]) == (b"", "0")
    assert metadata.headers["delta-table-version"] == "0"
    assert "delta-sharing-capabilities" not in metadata.headers
    protocol, described = told(metadata)
    assert protocol == {"protocol": {"minReaderVersion": 1}}
    schema = json.loads(described["metaData"]["schemaString"])
    assert [(each["name"], each["type"]) for each in schema["fields"]] == [("text", "string"), ("label", "long")]
    assert described["metaData"]["partitionColumns"] == []
    assert AccessRecord.objects.count() == 0


def test_files_and_their_records(buyer: Reader, market: Market) -> None:
    answer = buyer.query()
    assert texts(answer) == [greeting("1.0.0", index) for index in range(20)]
    assert answer.headers["Cache-Control"] == "private, no-store"
    given = files(answer)
    assert [json.loads(each["stats"]) for each in given] == [{"numRecords": 10}, {"numRecords": 10}]
    records = AccessRecord.objects.filter(first_byte=None).order_by("path")  # the addresses, not the reading
    assert [each["id"] for each in given] == [record.sha256 for record in records]
    assert {(record.role, record.version_id) for record in records} == {("licensee", market.version.pk)}


def test_an_address_ends_with_its_key_its_license_and_its_time(
    buyer: Reader, member: Reader, market: Market, settings: Settings
) -> None:
    """The address has no key in it, and each use of it is asked about."""
    of_member, of_buyer = files(member.query())[0]["url"], files(buyer.query())[0]["url"]
    settings.DOWNLOAD_URL_SECONDS = -1
    over = files(buyer.query())[0]["url"]
    assert [Client().get(url).status_code for url in (of_member, of_buyer, over)] == [200, 200, 403]
    revoke_api_key(actor=market.steward, key_id=ApiKey.objects.get(owner=market.steward).pk)
    suspend_grant(actor=None, grant_id=LicenseGrant.objects.get().pk, reason="The payment was disputed.")
    assert [Client().get(url).status_code for url in (of_member, of_buyer)] == [403, 403]


def test_a_limit_gives_no_more_files_than_it_needs(buyer: Reader) -> None:
    for limit, count in [(0, 0), (1, 1), (10, 1), (11, 2), (1000, 2)]:
        before = AccessRecord.objects.count()
        assert len(files(buyer.query(limitHint=limit, predicateHints=["label = 1"]))) == count
        assert AccessRecord.objects.count() == before + count


def test_earlier_versions(buyer: Reader, market: Market, tmp_path: Path) -> None:
    second = publish(market.dataset, market.steward, market.contribution, tmp_path / "built", shards=1)
    assert second.published_at is not None
    between = (second.published_at - timedelta(microseconds=1)).isoformat()
    assert texts(buyer.query()) == [greeting("1.1.0", index) for index in range(10)]
    for asked in ({"version": 0}, {"timestamp": between}):
        answer = buyer.query(**asked)
        assert answer.headers["delta-table-version"] == "0"
        assert texts(answer) == [greeting("1.0.0", index) for index in range(20)]
    assert buyer.get(f"{TABLE}/version", startingTimestamp=between).headers["delta-table-version"] == "1"


def test_pages(member: Reader, market: Market, tmp_path: Path) -> None:
    """A page ends inside of a dataset or between two; a token is good for its own list."""
    for slug in ("greetings-more", "a-first"):
        dataset = DatasetFactory.create(organization=market.dataset.organization, steward=market.steward, slug=slug)
        held = licensing_world.accepted(dataset, market.contributor, market.steward)
        publish(dataset, market.steward, held, tmp_path / "built", shards=1, rows=len(slug))
    expected = [("a-first", "en-train"), ("greetings", "en-train"), ("greetings-more", "en-train")]
    nothing = member.get(f"{SHARE}/all-tables", maxResults=0).json()
    assert (nothing["items"], bool(nothing["nextPageToken"])) == ([], True)
    for size in (1, 2, 3):
        pages = list(_pages(member, f"{SHARE}/all-tables", size))
        assert [(each["schema"], each["name"]) for page in pages for each in page] == expected
        assert len(pages) == {1: 3, 2: 2, 3: 1}[size]
    assert [each["name"] for page in _pages(member, f"{SHARE}/schemas", 2) for each in page] == [
        schema for schema, _ in expected
    ]
    assert member.get(f"{SHARE}/schemas", pageToken=nothing["nextPageToken"]).status_code == 400


def _pages(reader: Reader, path: str, size: int) -> Iterator[list[dict[str, Any]]]:
    token: dict[str, str] = {}
    while True:
        page = reader.get(path, maxResults=size, **token).json()
        yield page["items"]
        if "nextPageToken" not in page:
            return
        token = {"pageToken": page["nextPageToken"]}


@pytest.mark.once
def test_a_profile_has_the_key_that_asked_for_it(buyer: Reader, settings: Any) -> None:
    answer = buyer.get("/delta/profile")
    made = answer.json()
    assert (made["shareCredentialsVersion"], made["endpoint"]) == (1, f"{settings.SITE_URL}/delta")
    assert made["bearerToken"] == buyer.key
    assert made["expirationTime"].endswith("Z")
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert "config.share" in answer.headers["Content-Disposition"]
