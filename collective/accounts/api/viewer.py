"""Whose eyes a request reads with."""

from typing import Final

from django.contrib.auth.models import AnonymousUser
from rest_framework.request import Request

from collective.accounts.models import ApiKey, User
from collective.accounts.selectors import Person

READING_SCOPES: Final = frozenset({"datasets:read", "download"})


def viewer_of(request: Request) -> Person:
    """The person; but a key that may not read datasets sees what everybody sees."""
    key, user = request.auth, request.user
    blind = isinstance(key, ApiKey) and not READING_SCOPES & set(key.scopes)
    return user if isinstance(user, User) and not blind else AnonymousUser()
