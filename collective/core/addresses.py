"""Addresses of this site that leave it: in mails, in answers to programs, in signed links."""

from typing import Any
from urllib.parse import urljoin

from django.conf import settings
from django.urls import reverse


def address_of(route: str, **kwargs: Any) -> str:
    """`kwargs` are those of the route."""
    return full_address(reverse(route, kwargs=kwargs))


def full_address(path: str) -> str:
    """`path` is whole, as `reverse` gives it: a site that lives under a path is in it already."""
    return urljoin(settings.SITE_URL, path)
