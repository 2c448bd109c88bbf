"""API keys over HTTP: how they come in, what they may do, and when they stop."""

import base64
from datetime import timedelta

import pytest
import time_machine
from django.contrib.sessions.backends.db import SessionStore
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, Settings

from collective.accounts.domain.keys import checksum, make_key
from collective.accounts.errors import KeyLifetimeError, NoScopeError, UnknownScopeError
from collective.accounts.models import ApiKey, User
from collective.accounts.services import create_api_key, revoke_api_key
from collective.core.models import AuditEvent
from tests.integration.accounts.people import PASSWORD, key_of, person, signed_in, with_key

pytestmark = pytest.mark.django_db


@pytest.fixture
def ana() -> User:
    return person("Ana")


def _status(client: Client, path: str = "/api/v1/me") -> int:
    return client.get(path).status_code


def _basic(text: str) -> Client:
    return Client(headers={"Authorization": f"Basic {base64.b64encode(text.encode()).decode()}"})


def test_bearer_and_basic_with_any_user_name(ana: User) -> None:
    key = key_of(ana, "download", "datasets:read")
    for client in (with_key(key), _basic(f"anything:{key}"), _basic(f":{key}")):
        answer = client.get("/api/v1/me").json()
        assert answer["email"] == "ana@example.org"
        assert answer["key"]["scopes"] == ["datasets:read", "download"]


def test_a_bad_checksum_costs_no_query(ana: User, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    key = key_of(ana)
    for wrong in (key[:-1] + ("0" if key[-1] != "0" else "1"), key[:-9], "hf_abcdefghijkl", "", "dck_live_"):
        with django_assert_num_queries(0):
            response = with_key(wrong).get("/api/v1/me")
        assert response.status_code == 401
        assert response["WWW-Authenticate"] == 'Bearer realm="api"'


@pytest.mark.parametrize("header", ["Basic", "Basic !!!", "Basic /w==", "Basic YWJj"])
def test_a_malformed_basic_header_is_401(header: str) -> None:
    assert _status(Client(headers={"Authorization": header})) == 401


def test_every_kind_of_wrong_key_gets_one_answer(ana: User) -> None:
    revoked, expired, mine = key_of(ana), key_of(ana), key_of(ana)
    revoke_api_key(actor=ana, key_id=revoked[9:17])
    ApiKey.objects.filter(pk=expired[9:17]).update(
        created_at=timezone.now() - timedelta(days=2), expires_at=timezone.now() - timedelta(seconds=1)
    )
    forged_body = f"dck_live_{mine[9:17]}_{make_key().secret}"
    forged = f"{forged_body}_{checksum(forged_body)}"
    bodies = set()
    for key in (revoked, expired, forged, make_key().plaintext):
        response = with_key(key).get("/api/v1/me")
        assert response.status_code == 401
        bodies.add((response.json()["code"], response.json()["detail"]))
    assert len(bodies) == 1
    assert _status(with_key(mine)) == 200


def test_revocation_works_at_the_next_request(ana: User) -> None:
    key = key_of(ana)
    client = with_key(key)
    assert _status(client) == 200
    assert signed_in(ana).post(f"/account/keys/{key[9:17]}/revoke/").status_code == 302
    assert _status(client) == 401


def test_a_closed_account_takes_its_keys_along(ana: User) -> None:
    client = with_key(key_of(ana))
    User.objects.filter(pk=ana.pk).update(is_active=False)
    assert _status(client) == 401


def test_a_key_in_an_address_is_refused_and_not_used(ana: User) -> None:
    key = key_of(ana)
    response = Client().get("/api/v1/me", {"token": key})
    assert (response.status_code, response.json()["code"]) == (400, "api_key_in_address")
    assert key not in response.content.decode()
    assert ApiKey.objects.get().last_used_at is None


def test_last_use_is_noted_at_most_once_a_minute(ana: User) -> None:
    client = with_key(key_of(ana))
    with time_machine.travel(timezone.now() + timedelta(hours=1), tick=False) as clock:
        client.get("/api/v1/me")
        first = ApiKey.objects.get().last_used_at
        assert first == timezone.now()
        clock.shift(59)
        client.get("/api/v1/me")
        assert ApiKey.objects.get().last_used_at == first
        clock.shift(2)
        client.get("/api/v1/me")
        assert ApiKey.objects.get().last_used_at == timezone.now()


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("post", "organizations"),
        ("patch", "organizations/ana"),
        ("get", "organizations/ana/members"),
        ("get", "organizations/ana/invitations"),
        ("post", "organizations/ana/invitations"),
        ("get", "invitations"),
    ],
)
def test_routes_for_people_refuse_keys(ana: User, method: str, path: str) -> None:
    client = with_key(key_of(ana, "datasets:read", "licenses:read", "download", "upload", "purchase", "earnings:read"))
    response = getattr(client, method)(f"/api/v1/{path}", {}, content_type="application/json")
    assert (response.status_code, response.json()["code"]) == (403, "session_only")


def test_a_key_is_no_session(ana: User) -> None:
    client = with_key(key_of(ana))
    for path in ("/account/keys/", "/account/keys/new/", "/account/email/", "/organizations/"):
        response = client.get(path)
        assert response.status_code == 302
        assert response["Location"].startswith("/account/login/")
    client.post("/account/keys/new/", {"name": "x", "scopes": ["download"], "expires_in_days": 90})
    assert ApiKey.objects.count() == 1


def test_a_session_needs_csrf_for_changes(ana: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.cookies = signed_in(ana).cookies
    response = client.post("/api/v1/organizations", {"name": "New"}, content_type="application/json")
    assert response.status_code == 403


def test_the_keys_page_makes_a_key_shows_it_once_and_keeps_only_a_hash(ana: User, settings: Settings) -> None:
    client = signed_in(ana)
    assert client.get("/account/keys/new/").status_code == 200
    wishes = {"name": "cluster", "scopes": ["download", "datasets:read"], "expires_in_days": "30"}
    page = client.post("/account/keys/new/", wishes)
    assert "no-store" in page["Cache-Control"]
    plaintext = page.context["plaintext"]
    assert f"export HF_ENDPOINT={settings.SITE_URL}" in page.content.decode()
    assert page.content.decode().count(plaintext) == 1
    key = ApiKey.objects.get()
    assert (key.name, key.scopes, (key.expires_at - key.created_at).days) == (
        "cluster",
        ["datasets:read", "download"],
        30,
    )
    secret = plaintext.split("_")[3]
    assert secret not in client.get("/account/keys/").content.decode()
    assert secret not in str(SessionStore(client.session.session_key).load())
    assert not any(secret in str(event.data) for event in AuditEvent.objects.all())
    assert secret not in str(ApiKey.objects.values().get())
    assert _status(with_key(plaintext)) == 200


def test_making_a_key_asks_again_after_five_minutes(ana: User) -> None:
    client = signed_in(ana)
    wishes = {"name": "late", "scopes": ["download"], "expires_in_days": "90"}
    with time_machine.travel(timezone.now() + timedelta(seconds=301)):
        response = client.post("/account/keys/new/", wishes)
        assert response["Location"].startswith("/account/reauthenticate/")
        assert not ApiKey.objects.exists()
        assert client.post(response["Location"], {"password": "wrong password"}).status_code == 200
        assert not ApiKey.objects.exists()
        resumed = client.post(response["Location"], {"password": PASSWORD})
        assert resumed.status_code == 200
        assert ApiKey.objects.get().name == "late"


def test_nobody_revokes_the_key_of_another(ana: User) -> None:
    key = key_of(ana)
    response = signed_in(person("Ben")).post(f"/account/keys/{key[9:17]}/revoke/")
    assert response.status_code == 404
    assert _status(with_key(key)) == 200


def test_what_a_key_may_not_be(ana: User) -> None:
    for scopes, days, error in [
        (["admin"], 90, UnknownScopeError),
        ([], 90, NoScopeError),
        (["download"], 366, KeyLifetimeError),
        (["download"], 0, KeyLifetimeError),
    ]:
        with pytest.raises(error):
            create_api_key(actor=ana, name="x", scopes=scopes, expires_in_days=days)
    assert not ApiKey.objects.exists()


def test_making_and_revoking_leave_a_trace(ana: User) -> None:
    key = key_of(ana)
    for _ in range(2):
        revoke_api_key(actor=ana, key_id=key[9:17])
    events = AuditEvent.objects.filter(object_id=key[9:17]).order_by("seq")
    assert [(event.action, event.actor_id) for event in events] == [
        ("accounts.api_key_created", ana.pk),
        ("accounts.api_key_revoked", ana.pk),
    ]
