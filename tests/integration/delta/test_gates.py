"""Who is refused, and in which words. No refusal gives an address or leaves a record."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from collective.accounts.models import ApiKey
from collective.accounts.services import revoke_api_key
from collective.catalog.models import Dataset, DatasetVersion
from licensing.models import AccessRecord, LicenseGrant
from licensing.services import revoke_grant, suspend_grant, withdraw_contribution
from tests.contract.hub.published import Market, key_for, publish
from tests.integration.delta.conftest import SHARE, TABLE, Reader

pytestmark = pytest.mark.once  # `test_reading.py` goes the whole way on both databases

LISTS = ("/delta/shares", f"{SHARE}/schemas", f"{SHARE}/schemas/greetings/tables", f"{SHARE}/all-tables")
TABLES = (f"{TABLE}/version", f"{TABLE}/metadata")


def refused(answer: Any) -> tuple[int, str]:
    assert set(answer.json()) == {"errorCode", "message"}
    assert b"token=" not in answer.content
    return answer.status_code, answer.json()["errorCode"]


def everything(reader: Reader) -> set[tuple[int, str]]:
    return {refused(answer) for answer in (*(reader.get(path) for path in TABLES), reader.query())}


@pytest.fixture(autouse=True)
def _nothing_is_given(db: None) -> Any:
    yield
    assert AccessRecord.objects.count() == 0


@pytest.mark.once
def test_without_a_key_or_with_a_bad_one(market: Market) -> None:
    for path in (*LISTS, *TABLES, "/delta/profile", "/delta/other"):
        assert refused(Reader().get(path)) == (401, "not_authenticated")
        assert refused(Reader("dck_live_wrong").get(path)) == (401, "bad_api_key")


def test_without_a_license(stranger: Reader, market: Market, settings: Any) -> None:
    assert stranger.get("/delta/shares").json() == {"items": []}
    assert {refused(stranger.get(path)) for path in LISTS[1:]} == {(404, "dataset_not_found")}
    assert everything(stranger) == {(403, "license_required")}
    assert f"{settings.SITE_URL}/datasets/acme/greetings/" in stranger.query().json()["message"]


@pytest.mark.once
def test_a_key_without_the_scope(market: Market) -> None:
    reader = Reader(key_for(market.steward, "datasets:read"))
    assert {refused(reader.get(path)) for path in LISTS} == {(403, "scope_missing")}
    assert everything(reader) == {(403, "scope_missing")}


@pytest.mark.parametrize(("change", "code"), [(suspend_grant, "license_suspended"), (revoke_grant, "license_revoked")])
def test_a_license_that_was_stopped(buyer: Reader, change: Callable[..., Any], code: str) -> None:
    assert buyer.names("/delta/shares") == ["acme"]
    change(actor=None, grant_id=LicenseGrant.objects.get().pk, reason="The payment was disputed.")
    assert buyer.names("/delta/shares") == []
    assert everything(buyer) == {(403, code)}
    assert "The payment was disputed." in buyer.query().json()["message"]


def test_a_dataset_that_is_being_examined(buyer: Reader, member: Reader) -> None:
    Dataset.objects.update(state="quarantined")
    for reader in (buyer, member):
        assert reader.names("/delta/shares") == []
        assert everything(reader) == {(403, "quarantined")}


def test_a_dataset_that_was_hidden(market: Market, buyer: Reader, stranger: Reader) -> None:
    """Who licensed it before keeps it; to others it is not there."""
    Dataset.objects.update(visibility="private")
    assert (buyer.names("/delta/shares"), buyer.get(TABLES[0]).status_code) == (["acme"], 200)
    assert everything(stranger) == {(404, "dataset_not_found")}


def test_a_key_that_was_revoked(market: Market, member: Reader) -> None:
    assert member.get(TABLES[0]).status_code == 200
    revoke_api_key(actor=market.steward, key_id=ApiKey.objects.get().pk)
    assert everything(member) == {(401, "bad_api_key")}


def test_what_was_withdrawn(buyer: Reader, market: Market, tmp_path: Path) -> None:
    withdraw_contribution(actor=market.contributor, contribution_id=market.contribution.pk)
    assert DatasetVersion.objects.get().state == "withdrawn_content"
    assert buyer.names("/delta/shares") == []
    assert everything(buyer) == {(403, "version_withdrawn")}
    assert refused(buyer.query(version=0)) == (403, "version_withdrawn")


def test_a_version_beyond_the_license(market: Market, buyer: Reader, tmp_path: Path) -> None:
    """It is not what they read when they name no version; and named, it says why."""
    publish(market.dataset, market.steward, market.contribution, tmp_path / "built", shards=1, bump="major")
    assert buyer.get(f"{TABLE}/version").headers["delta-table-version"] == "0"
    assert refused(buyer.query(version=1)) == (403, "version_not_covered")


@pytest.mark.once
def test_what_is_not_there(buyer: Reader) -> None:
    for path, code in [
        ("/delta/shares/acme/schemas/none/tables/en-train", "dataset_not_found"),
        ("/delta/shares/none/schemas/greetings/tables/en-train", "dataset_not_found"),
        (f"{SHARE}/schemas/greetings/tables/fr-train", "table_not_found"),
        (f"{SHARE}/schemas/greetings/tables/train", "table_not_found"),
    ]:
        assert refused(buyer.get(f"{path}/metadata")) == (404, code)
        assert refused(buyer.query(path)) == (404, code)


@pytest.mark.once
def test_questions_without_an_answer(buyer: Reader) -> None:
    assert refused(buyer.query(version=7)) == (404, "version_unknown")
    assert refused(buyer.query(timestamp="2001-01-01T00:00:00Z")) == (400, "time_outside")
    assert refused(buyer.query(startingVersion=0)) == (400, "changes_not_told")
    assert refused(buyer.query(limitHint="10")) == (400, "bad_query")
    assert refused(buyer.get(f"{TABLE}/changes", startingVersion=0)) == (404, "not_found")
    assert refused(buyer.get("/delta/shares", pageToken="forged")) == (400, "invalid_cursor")
    assert refused(buyer.get("/delta/shares", maxResults="many")) == (400, "bad_query")
    later = {"startingTimestamp": "2999-01-01T00:00:00Z"}
    assert refused(buyer.get(f"{TABLE}/version", **later)) == (400, "time_outside")
