"""Signing up and in, over HTTP: nobody enters without a confirmed address, and no answer tells who has an account."""

import re

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client
from pytest_django import Settings

from collective.accounts.models import Membership, Organization, User
from collective.accounts.selectors import personal_organization
from tests.integration.accounts.people import PASSWORD, path_in_last_mail, person, signed_in

pytestmark = pytest.mark.django_db
NEW = {"name": "Ana Núñez", "email": "ana@example.org", "password1": PASSWORD}


def test_sign_up_confirm_and_sign_in(settings: Settings) -> None:
    settings.SITE_URL = "https://data.example"
    client = Client()
    response = client.post("/account/signup/", NEW)
    assert (response.status_code, response["Location"]) == (302, "/account/confirm-email/")
    user = User.objects.get()
    assert (user.name, user.email) == ("Ana Núñez", "ana@example.org")
    assert personal_organization(user).slug == "ana-nunez"
    assert Membership.objects.get(user=user).role == Membership.OWNER

    assert client.get("/api/v1/me").status_code == 401, "not before the address is confirmed"
    other_browser = Client()
    other_browser.post("/account/login/", {"login": NEW["email"], "password": PASSWORD})
    assert other_browser.get("/api/v1/me").status_code == 401

    assert "https://data.example/account/confirm-email/" in mail.outbox[0].body
    path = path_in_last_mail()
    assert client.get(path).status_code == 200
    assert client.get("/api/v1/me").status_code == 401, "a mail scanner that opens links confirms nothing"
    assert client.post(path).status_code == 302
    assert client.get("/api/v1/me").json()["name"] == "Ana Núñez"


@pytest.mark.parametrize("name", ["王小明", "አበበ በቂላ", "محمد الفاتح", "नमस्ते", "🙂"])
def test_a_name_in_any_script_gets_a_personal_organization(name: str) -> None:
    Client().post("/account/signup/", {**NEW, "name": name})
    organization = Organization.objects.get()
    assert organization.name == name
    assert re.fullmatch(r"member-[0-9a-f]{6}", organization.slug)


def test_two_people_of_one_name_both_get_a_slug() -> None:
    slugs = [personal_organization(person("Ana", email)).slug for email in ("a@example.org", "b@example.org")]
    assert slugs[0] == "ana"
    assert re.fullmatch(r"ana-[0-9a-f]{6}", slugs[1])


def test_sign_up_answers_the_same_for_a_known_address() -> None:
    person("Old", email=NEW["email"])
    known = Client().post("/account/signup/", NEW)
    unknown = Client().post("/account/signup/", {**NEW, "email": "new@example.org"})
    assert (known.status_code, known["Location"]) == (unknown.status_code, unknown["Location"])
    assert User.objects.filter(email=NEW["email"]).count() == 1
    assert [message.to for message in mail.outbox] == [[NEW["email"]], ["new@example.org"]]
    assert "There is one already" in mail.outbox[0].body
    assert "confirm" in mail.outbox[1].body


def test_password_reset_answers_the_same_and_mails_once_a_minute() -> None:
    person("Ana")
    answers = []
    for email in ("ana@example.org", "nobody@example.org"):
        response = Client().post("/account/password/reset/", {"email": email})
        answers.append((response.status_code, response["Location"]))
        again = Client().post("/account/password/reset/", {"email": email})
        answers.append((again.status_code, ""))
    assert answers[:2] == answers[2:]
    assert answers[1][0] == 429
    assert [message.to for message in mail.outbox] == [["ana@example.org"], ["nobody@example.org"]]


def test_sign_in_answers_the_same_for_an_unknown_address_and_a_wrong_password() -> None:
    person("Ana")
    pages = []
    for email in ("ana@example.org", "nobody@example.org"):
        response = Client().post("/account/login/", {"login": email, "password": "wrong password"})
        assert response.status_code == 200
        page = re.sub(r'name="csrfmiddlewaretoken" value="\w+"|X-CSRFToken": "\w+"', "", response.content.decode())
        pages.append(page.replace(email, "…"))
    assert pages[0] == pages[1]


def test_guessing_a_password_is_slowed_down() -> None:
    person("Ana")
    client = Client()
    for _ in range(5):
        client.post("/account/login/", {"login": "ana@example.org", "password": "wrong password"})
    response = client.post("/account/login/", {"login": "ana@example.org", "password": PASSWORD})
    assert response.status_code == 200
    assert client.get("/api/v1/me").status_code == 401


def test_the_password_reset_link_leads_to_a_new_password() -> None:
    user = person("Ana")
    Client().post("/account/password/reset/", {"email": user.email})
    client = Client()
    landing = client.get(path_in_last_mail(), follow=True)
    assert landing.status_code == 200
    new = "a different walk home"
    assert client.post(landing.redirect_chain[-1][0], {"password1": new, "password2": new}).status_code == 302
    user.refresh_from_db()
    assert user.check_password(new)


def test_staff_made_on_the_command_line_get_a_personal_organization_when_they_come_in() -> None:
    staff = User.objects.create_superuser("staff@example.org", PASSWORD, name="Staff")
    EmailAddress.objects.create(user=staff, email=staff.email, verified=True, primary=True)
    assert not Organization.objects.exists()
    signed_in(staff)
    assert personal_organization(staff).slug == "staff"
