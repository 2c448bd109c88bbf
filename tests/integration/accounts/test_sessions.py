"""Sessions, the second step, and what ends them."""

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.test import Client

from tests.integration.accounts.people import PASSWORD, person, signed_in

pytestmark = pytest.mark.django_db


def test_signing_in_changes_the_session_and_signing_out_ends_it() -> None:
    user = person()
    client = Client()
    client.get("/account/login/")
    session = client.session
    session["planted"] = "by somebody else"
    session.save()
    fixed = session.session_key
    client.cookies["sessionid"] = str(fixed)
    client.post("/account/login/", {"login": user.email, "password": PASSWORD})
    mine = client.cookies["sessionid"].value
    assert mine != fixed
    assert client.get("/api/v1/me").status_code == 200

    client.post("/account/logout/")
    client.cookies["sessionid"] = mine
    assert client.get("/api/v1/me").status_code == 401


def test_other_sessions_are_listed_and_ended() -> None:
    user = person()
    here, there = signed_in(user), signed_in(user)
    assert here.get("/account/sessions/").content.decode().count("127.0.0.1") == 2
    assert here.post("/account/sessions/").status_code == 302
    assert there.get("/api/v1/me").status_code == 401
    assert here.get("/api/v1/me").status_code == 200


def test_a_new_password_ends_the_other_sessions() -> None:
    user = person()
    here, there = signed_in(user), signed_in(user)
    new = "a different walk home"
    response = here.post("/account/password/change/", {"oldpassword": PASSWORD, "password1": new, "password2": new})
    assert response.status_code == 302
    assert there.get("/api/v1/me").status_code == 401
    assert here.get("/api/v1/me").status_code == 200


def test_a_closed_account_is_out_at_the_next_request() -> None:
    user = person()
    client = signed_in(user)
    user.is_active = False
    user.save()
    assert client.get("/api/v1/me").status_code == 401


def test_setting_up_an_authenticator_app_over_http() -> None:
    user = person()
    client = signed_in(user)
    asked = client.get("/account/2fa/totp/activate/")
    assert asked["Location"].startswith("/account/reauthenticate/")
    page = client.post(asked["Location"], {"password": PASSWORD}, follow=True)
    assert page.redirect_chain[-1][0] == "/account/2fa/totp/activate/"
    secret = client.session["mfa.totp.secret"]
    response = client.post("/account/2fa/totp/activate/", {"code": _code(secret)})
    assert response.status_code == 302
    kinds = set(Authenticator.objects.filter(user=user).values_list("type", flat=True))
    assert kinds == {"totp", "recovery_codes"}
    assert client.get("/account/2fa/recovery-codes/").status_code == 200


def test_the_second_step_is_asked_for_and_a_code_works_once() -> None:
    user = person()
    secret = generate_totp_secret()
    TOTP.activate(user, secret)
    client = Client()
    first = client.post("/account/login/", {"login": user.email, "password": PASSWORD})
    assert first["Location"] == "/account/2fa/authenticate/"
    assert client.get("/api/v1/me").status_code == 401
    assert client.post("/account/2fa/authenticate/", {"code": "000000"}).status_code == 200
    code = _code(secret)
    assert client.post("/account/2fa/authenticate/", {"code": code}).status_code == 302
    assert client.get("/api/v1/me").status_code == 200

    again = Client()
    again.post("/account/login/", {"login": user.email, "password": PASSWORD})
    again.post("/account/2fa/authenticate/", {"code": code})
    assert again.get("/api/v1/me").status_code == 401, "a code seen over the shoulder is of no use"


def test_a_recovery_code_opens_once() -> None:
    user = person()
    TOTP.activate(user, generate_totp_secret())
    code = RecoveryCodes.activate(user).get_unused_codes()[0]
    for expected in (200, 401):
        client = Client()
        client.post("/account/login/", {"login": user.email, "password": PASSWORD})
        client.post("/account/2fa/authenticate/", {"code": code})
        assert client.get("/api/v1/me").status_code == expected


@pytest.mark.parametrize(
    "path",
    ["email/", "password/change/", "2fa/", "2fa/totp/activate/", "2fa/webauthn/", "2fa/webauthn/add/", "sessions/"],
)
def test_account_pages_stand_in_our_frame(path: str) -> None:
    client = signed_in(person())
    client.post("/account/reauthenticate/", {"password": PASSWORD})
    page = client.get(f"/account/{path}")
    assert page.status_code == 200
    assert 'href="/account/sessions/"' in page.content.decode()
    assert "site-header" in page.content.decode()


@pytest.mark.parametrize("path", ["login/", "signup/", "password/reset/"])
def test_entrance_pages_stand_in_our_frame(path: str) -> None:
    page = Client().get(f"/account/{path}")
    assert page.status_code == 200
    assert "site-header" in page.content.decode()


def _code(secret: str) -> str:
    counter = next(iter(yield_hotp_counters_from_time()))
    return str(format_hotp_value(hotp_value(secret, counter)))
