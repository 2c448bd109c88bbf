"""Links to the local store, from the manifest: every range is decided and written down, whichever host they lead to."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from collective.core.invariants import invariants
from collective.core.storage.signing import ObjectLink, seal
from licensing.models import AccessRecord
from tests.contract.hub.published import Market
from tests.integration.hub.conftest import DATA, Caller
from tests.integration.hub.test_ranges_recorded import (
    expire_key,
    quarantine,
    revoke,
    revoke_key,
    suspend,
    withdraw,
)
from tests.integration.hub.test_resolve import body

MANIFEST = "/api/v1/datasets/acme/greetings/manifest"
STOPS = [(revoke, 403), (suspend, 403), (withdraw, 410), (quarantine, 403), (revoke_key, 403), (expire_key, 403)]
FILES = "https://files.example.org"


def follow(link: str, method: str = "get", **headers: str) -> Any:
    where = urlsplit(link)
    return getattr(Client(headers={"Host": where.netloc, **headers}), method)(f"{where.path}?{where.query}")


def first_link(buyer: Caller) -> str:
    link: str = buyer.get(MANIFEST).json()["files"][0]["url"]
    return link


def test_each_range_of_a_link_is_written_down(buyer: Caller) -> None:
    link = first_link(buyer)
    made = list(AccessRecord.objects.values_list("pk", flat=True))
    size = len(body(follow(link)))
    assert body(follow(link, Range="bytes=4-9")) != b""
    follow(link, "head")
    follow(link, Range="bytes=99999999-")
    follow(link, **{"If-None-Match": "*"})
    records = AccessRecord.objects.exclude(pk__in=made).order_by("at")
    assert list(records.values_list("first_byte", "last_byte")) == [(0, size - 1), (4, 9)]
    assert {record.key_id for record in records} == {buyer.key.split("_")[2]}
    assert [text for each in invariants() if each.id == "D4" for text in each.check()] == []


@pytest.mark.parametrize(("stop", "status"), STOPS)
def test_what_stops_a_license_stops_its_links(
    market: Market, buyer: Caller, stop: Callable[[Market], None], status: int
) -> None:
    link = first_link(buyer)
    assert follow(link, Range="bytes=0-3").status_code == 206
    count = AccessRecord.objects.count()
    stop(market)
    for response in (follow(link, Range="bytes=4-7"), follow(link), follow(link, "head")):
        assert response.status_code == status
        assert b"PAR1" not in body(response)
    assert AccessRecord.objects.count() == count


def test_a_key_that_follows_links_too_often_is_told_how_long_to_wait(
    buyer: Caller, settings: Settings, time_machine: Any
) -> None:
    settings.API_LIMITS = {**settings.API_LIMITS, "links": 3}
    now = (timezone.now() + timedelta(minutes=1)).replace(second=10, microsecond=0)
    time_machine.move_to(now, tick=False)
    links = [each["url"] for each in buyer.get(MANIFEST).json()["files"]]
    answers = [follow(link, Range="bytes=0-3") for link in (links * 5)[:5]]
    assert [answer.status_code for answer in answers] == [206] * 3 + [429] * 2
    assert [answer["Retry-After"] for answer in answers[3:]] == ["51"] * 2
    assert answers[3].json()["code"] == "links_limited"
    time_machine.move_to(now + timedelta(seconds=51), tick=False)
    assert follow(links[0], Range="bytes=0-3").status_code == 206


def test_a_ticket_of_another_object_opens_nothing(market: Market, buyer: Caller) -> None:
    buyer.get(MANIFEST)
    one, other = AccessRecord.objects.order_by("path")[:2]
    link = f"/storage/objects/a?token={seal(ObjectLink(one.sha256, 'a', 4_000_000_000, str(other.pk)))}"
    assert follow(f"http://localhost{link}").status_code == 403


class TestAnOriginOfItsOwn:
    @pytest.fixture(autouse=True)
    def _apart(self, settings: Settings) -> None:
        settings.DATA_ORIGIN = FILES
        settings.ALLOWED_HOSTS = ["localhost", "testserver", "files.example.org"]

    def test_links_and_downloads_lead_there(self, buyer: Caller, market: Market) -> None:
        assert first_link(buyer).startswith(f"{FILES}/storage/objects/")
        for response in (buyer.get(DATA), buyer.head(DATA), buyer.get(DATA, Range="bytes=0-3")):
            assert response.status_code == 302
            assert response["Location"].startswith(f"{FILES}/storage/objects/")
            assert response["X-Repo-Commit"] == market.version.commit_id
        assert body(follow(response["Location"], Range="bytes=0-3")) == b"PAR1"

    def test_the_site_refuses_them(self, buyer: Caller) -> None:
        link = first_link(buyer).replace(FILES, "http://localhost")
        response = follow(link)
        assert (response.status_code, response.json()["code"]) == (404, "wrong_origin")

    @pytest.mark.parametrize("path", ["/", "/account/login/", "/api/v1/datasets", "/healthz", "/static/x", DATA])
    def test_nothing_else_is_there(self, market: Market, path: str) -> None:
        browser = Client(headers={"Host": "files.example.org"})
        browser.force_login(market.steward)
        response = browser.get(path)
        assert (response.status_code, response.json()["code"]) == (404, "wrong_origin")
        assert not response.cookies

    def test_no_cookie_is_read_or_set(self, buyer: Caller) -> None:
        response = follow(first_link(buyer), Cookie="sessionid=stolen; csrftoken=x")
        assert response.status_code == 200
        assert not response.cookies
        assert "Cookie" not in response.get("Vary", "")
        assert response["Cache-Control"] == "private, no-store"


MACHINES = [
    *("/api/whoami-v2", "/api/datasets", "/api/datasets/acme/greetings", "/api/datasets/acme/none", DATA, f"{DATA}%00"),
    *("/viewer/info?dataset=acme/greetings", "/delta/shares", "/mdc/api/datasets", "/storage/objects/x?token=x"),
]


@pytest.mark.parametrize("path", MACHINES)
def test_the_routes_for_keys_know_no_cookie_and_no_cache(market: Market, path: str) -> None:
    """What is refused too: without a word on it, a shared cache may keep a 404 or 410 and give it to others."""
    browser = Client(headers={"Cookie": "sessionid=stolen; csrftoken=x"})
    response = browser.get(path)
    assert not response.cookies
    assert "Cookie" not in response.get("Vary", "")
    assert response["Cache-Control"] == "private, no-store"
    assert response["Content-Type"].endswith("json") or response.status_code == 200


def test_our_own_api_knows_a_session(market: Market) -> None:
    browser = Client()
    browser.force_login(market.steward)
    assert browser.get("/api/v1/grants").status_code == 200
