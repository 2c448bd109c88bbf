"""Pages for errors, headers on every answer, names of requests, and the health report (reliability F13, F16)."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from collective.core.models import Heartbeat

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.integration.core.toy_api")]
ERRORS = [("denied", 403), ("not-found", 404), ("conflict", 409), ("gone", 410), ("unavailable", 503), ("invalid", 400)]


@pytest.fixture
def site() -> Client:
    return Client(raise_request_exception=False)


@pytest.mark.parametrize(("name", "status"), ERRORS)
def test_a_domain_error_is_a_page_in_plain_words(site: Client, name: str, status: int) -> None:
    response = site.get(f"/page/{name}")
    assert (response.status_code, response.headers["Content-Type"]) == (status, "text/html; charset=utf-8")
    assert "<h1" in response.text


def test_the_page_says_what_the_error_says(site: Client) -> None:
    assert "It was sold a moment ago." in site.get("/page/conflict").text
    assert "Write a title." in site.get("/page/invalid").text


@pytest.mark.parametrize(("path", "status"), [("/page/bug", 500), ("/page/http404", 404), ("/page/permission", 403),
                                              ("/page/suspicious", 400), ("/no/such/page/", 404)])  # fmt: skip
def test_other_errors_are_pages_without_details(site: Client, path: str, status: int) -> None:
    response = site.get(path)
    assert response.status_code == status
    assert "<h1" in response.text
    assert "secret detail" not in response.text
    assert "Traceback" not in response.text


@pytest.mark.parametrize(
    "path",
    ["/", "/page/denied", "/page/bug", "/no/such/page/", "/api/v1/raise/bug", "/api/v1/organizations", "/healthz"],
)
def test_every_answer_is_protected(site: Client, path: str) -> None:
    headers = site.get(path).headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "strict-origin-when-cross-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["X-Frame-Options"] == "DENY"
    assert "camera=()" in headers["Permissions-Policy"]
    policy = {rule.split()[0]: rule.split()[1:] for rule in headers["Content-Security-Policy"].split("; ")}
    assert policy["default-src"] == policy["base-uri"] == policy["frame-ancestors"] == ["'none'"]
    assert policy["script-src"] == policy["style-src"] == ["'self'"]
    assert "Access-Control-Allow-Origin" not in headers


def test_a_request_has_a_name(site: Client) -> None:
    names = [site.get("/healthz").headers["X-Request-Id"] for _ in range(2)]
    assert names[0] != names[1]
    assert (
        site.get("/healthz", headers={"X-Request-Id": "from-the-proxy-1"}).headers["X-Request-Id"] == "from-the-proxy-1"
    )
    forged = site.get("/healthz", headers={"X-Request-Id": "x" * 65}).headers["X-Request-Id"]
    assert forged != "x" * 65


@pytest.mark.parametrize("path", ["/page/a%00b", "/?q=%00", "/api/v1/organizations?limit=%00"])
def test_nul_is_malformed_everywhere(site: Client, path: str) -> None:
    assert site.get(path).status_code == 400


def beat(*names: str, seconds_ago: int = 1) -> None:
    for name in names:
        Heartbeat.objects.create(name=name, at=timezone.now() - timedelta(seconds=seconds_ago))


def test_health_when_all_is_well(site: Client) -> None:
    beat("worker", "sweeper")
    response = site.get("/healthz")
    parts = ("web", "database", "broker", "worker", "sweeper", "store")
    assert response.status_code == 200
    assert response.json() == {"ok": True, "parts": {part: {"ok": True, "why": ""} for part in parts}}


def test_health_names_what_is_not_well(site: Client, settings: Settings, tmp_path: Path) -> None:
    beat("worker", seconds_ago=300)
    settings.REDIS_URL = f"unix://:hidden-password@{tmp_path}/nothing.sock"
    settings.STORAGE_URL = "s3://key:hidden-secret@127.0.0.1:1/bucket?secure=0"
    response = site.get("/healthz")
    unwell = {name: part["why"] for name, part in response.json()["parts"].items() if not part["ok"]}
    assert response.status_code == 503
    assert unwell["worker"].startswith("The worker was last seen 30")
    assert unwell["sweeper"] == "The sweeper has not been seen yet."
    assert unwell["broker"] == "The broker does not answer. Work is delayed, not lost."
    assert unwell["store"] == "The object store does not answer."
    assert set(unwell) == {"worker", "sweeper", "broker", "store"}
    assert "hidden" not in json.dumps(response.json())
    assert str(tmp_path) not in response.text
