"""People of these tests, and the ways in which they come in."""

import re
from typing import Any

from django.core import mail
from django.test import Client

from collective.accounts.models import User
from collective.accounts.services import create_api_key, register_user

PASSWORD = "a long walk to the market"  # of accounts that exist only in tests
LINK = re.compile(r"https?://\S+")


def person(name: str = "Ana", email: str = "", **fields: Any) -> User:
    return register_user(email=email or f"{name.lower()}@example.org", name=name, password=PASSWORD, **fields)


def signed_in(user: User) -> Client:
    """Through the sign-in page, so that the session is a real one; CSRF is checked as in a browser."""
    client = Client()
    response = client.post("/account/login/", {"login": user.email, "password": PASSWORD})
    assert response.status_code == 302, response.content.decode()
    return client


def key_of(user: User, *scopes: str) -> str:
    _, plaintext = create_api_key(actor=user, name="test", scopes=list(scopes) or ["download"])
    return plaintext


def with_key(plaintext: str) -> Client:
    return Client(headers={"Authorization": f"Bearer {plaintext}"})


def path_in_last_mail() -> str:
    """The path of the first link in the latest mail."""
    link = LINK.search(str(mail.outbox[-1].body))
    assert link is not None
    return "/" + link[0].split("/", 3)[3]
