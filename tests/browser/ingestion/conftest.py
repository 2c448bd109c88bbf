"""A contributor who is signed in, at a contribution of theirs."""

from collections.abc import Callable

import pytest
from django.conf import settings as django_settings
from django.test import Client
from playwright.sync_api import Page

from collective.accounts.models import User
from collective.catalog.models import Contribution
from tests.factories import ContributionFactory


def sign_in(page: Page, user: User, session_of: Callable[[User], str]) -> None:
    name = django_settings.SESSION_COOKIE_NAME
    page.context.add_cookies([{"name": name, "value": session_of(user), "url": django_settings.SITE_URL}])


@pytest.fixture
def session_of(client: Client) -> Callable[[User], str]:
    def session(user: User) -> str:
        client.force_login(user)
        return str(client.cookies[django_settings.SESSION_COOKIE_NAME].value)

    return session


@pytest.fixture
def contribution(page: Page, session_of: Callable[[User], str]) -> Contribution:
    made: Contribution = ContributionFactory(title="Market conversations")
    sign_in(page, made.contributor, session_of)
    return made
