"""Who sends this request."""

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest

from collective.accounts.models import User
from collective.core.errors import UnauthenticatedError


def person(request: HttpRequest) -> User:
    """The person of a page that needs one; raises UnauthenticatedError where `login_required` was forgotten."""
    if isinstance(request.user, AnonymousUser):
        raise UnauthenticatedError
    return request.user
