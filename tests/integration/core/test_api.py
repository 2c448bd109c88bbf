"""The API's edge: errors in one shape, input taken strictly, lists in pages, callers limited (reliability F)."""

import json
from typing import Any

import pytest
from django.core.cache import caches
from django.test import Client
from pytest_django import Settings
from redis.exceptions import ConnectionError as RedisAwayError

from collective.accounts.models import Organization, User
from tests.factories import OrganizationFactory, UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.integration.core.toy_api")]


@pytest.fixture
def api() -> Client:
    return Client(raise_request_exception=False)


@pytest.fixture
def user() -> User:
    made: User = UserFactory.create()
    return made


def post(client: Client, path: str, body: bytes | dict[str, Any], **headers: str) -> Any:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return client.generic("POST", f"/api/v1/{path}", raw, "application/json", headers=named)


@pytest.mark.parametrize(
    ("name", "status", "code"),
    [
        ("invalid", 400, "invalid"),
        ("unauthenticated", 401, "not_authenticated"),
        ("denied", 403, "denied"),
        ("not-found", 404, "not_found"),
        ("conflict", 409, "conflict"),
        ("gone", 410, "gone"),
        ("too-large", 413, "too_large"),
        ("limited", 429, "limited"),
        ("unavailable", 503, "unavailable"),
        ("storage-full", 507, "storage_full"),
        ("http404", 404, "not_found"),
        ("permission", 403, "denied"),
        ("suspicious", 400, "invalid"),
        ("database", 503, "unavailable"),
        ("bug", 500, "server_error"),
    ],
)
def test_every_error_has_one_shape(api: Client, name: str, status: int, code: str) -> None:
    response = api.get(f"/api/v1/raise/{name}", headers={"X-Request-Id": "my-request-1"})
    problem = response.json()
    assert (response.status_code, response.headers["Content-Type"]) == (status, "application/problem+json")
    assert (problem["status"], problem["code"], problem["type"]) == (status, code, "about:blank")
    assert problem["request_id"] == response.headers["X-Request-Id"] == "my-request-1"
    assert problem["title"]
    assert problem["detail"]
    assert "secret" not in response.text
    assert "10.0.0.7" not in response.text


def test_what_only_some_errors_say(api: Client) -> None:
    assert api.get("/api/v1/raise/invalid").json()["fields"] == {"title": ["Write a title."]}
    assert api.get("/api/v1/raise/conflict").json()["context"] == {"offer": "o1"}
    assert api.get("/api/v1/raise/limited").headers["Retry-After"] == "7"
    for name in ("unavailable", "database"):
        assert api.get(f"/api/v1/raise/{name}").headers["Retry-After"] == "60"
    assert api.get("/api/v1/raise/unauthenticated").headers["WWW-Authenticate"] == 'Bearer realm="api"'
    assert set(api.get("/api/v1/raise/denied").json()) == {"type", "title", "status", "code", "detail", "request_id"}


def test_errors_of_the_framework_have_the_same_shape(api: Client) -> None:
    cases = [
        (api.get("/api/v1/nothing/here"), 404, "not_found"),
        (api.delete("/api/v1/echo"), 405, "method_not_allowed"),
        (
            api.post("/api/v1/echo", "a=1", content_type="application/x-www-form-urlencoded"),
            415,
            "unsupported_media_type",
        ),
        (api.post("/api/v1/make", {}, content_type="application/json"), 401, "not_authenticated"),
        (api.get("/api/v1/organizations", headers={"Accept": "text/csv"}), 406, "not_acceptable"),
    ]
    for response, status, code in cases:
        assert (response.status_code, response.headers["Content-Type"]) == (status, "application/problem+json")
        assert response.json()["code"] == code


@pytest.mark.parametrize(
    "body",
    [
        b'{"title": "a", "title": "b"}', b'{"title": "a", "files": [{"name": "x", "name": "y"}]}', b'{"title": NaN}',
        b'{"title": Infinity}', b'{"title": "a", "count": 1e400}', b'{"title": "a", "count": 9223372036854775808}',
        b'{"title": "a\\u0000"}', b'{"title": "\\ud800"}', b'{"\\ud800": 1}', b"\xff", b"{", b"", b"nonsense",
        b'{"title": "a", "count": ' + b"9" * 5000 + b"}", b"[" * 65 + b"]" * 65, b"[" * 100_000,
        b'{"a":' * 10_000 + b"1" + b"}" * 10_000,
    ],
)  # fmt: skip
def test_what_is_not_strict_json_is_400(api: Client, body: bytes) -> None:
    response = post(api, "echo", body)
    assert response.status_code == 400
    assert response.json()["code"] in {"invalid_json", "invalid"}


def test_a_large_body_is_413(api: Client) -> None:
    response = post(api, "echo", b'{"title": "' + b"a" * 1024 * 1024 + b'"}')
    assert (response.status_code, response.json()["code"]) == (413, "body_too_large")


def test_good_input_in_any_script_is_taken(api: Client) -> None:
    response = post(api, "echo", {"title": "Ọ̀rọ̀ 語 🎉", "count": 2**31, "files": [{"name": "a"}]})
    assert (response.status_code, response.json()) == (
        200,
        {"title": "Ọ̀rọ̀ 語 🎉", "count": 2**31, "files": [{"name": "a"}]},
    )


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ({"title": "a", "titel": "b"}, {"titel"}),
        ({"title": "a", "id": "x"}, {"id"}),
        ({"title": "a", "__proto__": {}}, {"__proto__"}),
        ({"title": "a", "files": [{"name": "x"}, {"name": "y", "owner": 1}]}, {"files.1.owner"}),
        ({"title": ["a"]}, {"title"}),
        ({"title": "a" * 21, "count": 0}, {"title", "count"}),
        ({"title": "a", "files": {"name": "x"}}, {"files"}),
    ],
)
def test_fields_that_are_not_there_or_wrong_are_named(api: Client, body: dict[str, Any], fields: set[str]) -> None:
    response = post(api, "echo", body)
    problem = response.json()
    assert (response.status_code, problem["code"]) == (400, "invalid")
    assert set(problem["fields"]) == fields


def test_what_concerns_the_whole_input_is_the_detail(api: Client) -> None:
    problem = post(api, "echo", {"title": "both"}).json()
    assert (problem["detail"], "fields" in problem) == ("Choose one.", False)
    assert post(api, "echo", b"[1]").status_code == 400


def test_a_list_comes_in_pages_without_gaps_or_repeats(api: Client) -> None:
    OrganizationFactory.create_batch(7)
    there = list(Organization.objects.order_by("-id").values_list("slug", flat=True))
    seen: list[str] = []
    address = "/api/v1/organizations?limit=3"
    while address:
        answer = api.get(address).json()
        seen += answer["results"]
        address = answer["next"]
        if len(seen) == 3:
            OrganizationFactory.create()  # a new row at the top shifts nothing
    assert seen == there


@pytest.mark.parametrize("limit", ["0", "101", "1000000000", "-1", "x", "", "1.5", "٣"])
def test_a_page_has_at_most_a_hundred(api: Client, limit: str) -> None:
    response = api.get("/api/v1/organizations", {"limit": limit})
    assert (response.status_code, response.json()["code"]) == (400, "invalid_limit")


@pytest.mark.parametrize("cursor", ["x", "", "cD0xMjM=", "W10:1:2"])
def test_a_cursor_that_we_did_not_give_is_400(api: Client, cursor: str) -> None:
    response = api.get("/api/v1/organizations", {"cursor": cursor})
    assert (response.status_code, response.json()["code"]) == (400, "invalid_cursor")


def test_callers_are_limited_one_by_one(api: Client, user: User, settings: Settings) -> None:
    settings.API_LIMITS = {"scarce": 2, "anonymous": 100, "user": 100}
    assert [api.get("/api/v1/scarce").status_code for _ in range(3)] == [200, 200, 429]
    refused = api.get("/api/v1/scarce")
    assert refused.json()["code"] == "throttled"
    assert 1 <= int(refused.headers["Retry-After"]) <= 61
    signed_in = Client()
    signed_in.force_login(user)
    assert signed_in.get("/api/v1/scarce").status_code == 200
    assert api.get("/api/v1/organizations").status_code == 200


def test_without_the_cache_everybody_passes(api: Client, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.API_LIMITS = {"scarce": 0}

    def away(*_: Any, **__: Any) -> None:
        raise RedisAwayError

    monkeypatch.setattr(type(caches["default"]), "add", away)
    assert api.get("/api/v1/scarce").status_code == 200


def test_a_repeated_post_repeats_the_answer(api: Client, user: User) -> None:
    api.force_login(user)
    before = Organization.objects.count()
    first, second = (post(api, "make", {"a": 1}, Idempotency_Key="k1") for _ in range(2))
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json() == second.json()
    assert (first.headers.get("Idempotent-Replayed"), second.headers["Idempotent-Replayed"]) == (None, "true")
    assert Organization.objects.count() == before + 1
    assert post(api, "make", {"a": 1}).json() != first.json()


def test_the_key_belongs_to_one_body(api: Client, user: User) -> None:
    api.force_login(user)
    post(api, "make", {"a": 1}, Idempotency_Key="k1")
    response = post(api, "make", {"a": 2}, Idempotency_Key="k1")
    assert (response.status_code, response.json()["code"]) == (422, "idempotency_key_reused")
    assert post(api, "make", {"a": 1}, Idempotency_Key="k" * 256).status_code == 400


def test_a_failed_post_can_be_tried_again_with_its_key(api: Client, user: User) -> None:
    api.force_login(user)
    before = Organization.objects.count()
    assert post(api, "make", {"fail": True}, Idempotency_Key="k1").status_code == 400
    assert Organization.objects.count() == before
    assert post(api, "make", {"fail": False}, Idempotency_Key="k1").status_code == 201


def test_the_schema_is_published(api: Client) -> None:
    schema = api.get("/api/v1/schema")
    assert schema.status_code == 200
    assert schema.json()["openapi"].startswith("3.")
