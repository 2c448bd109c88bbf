"""Who sends this request."""

from django.http import HttpRequest

from collective.accounts.models import User
from collective.accounts.policies import check_signed_in


def person(request: HttpRequest) -> User:
    """The person of a page that needs one; raises UnauthenticatedError where `login_required` was forgotten."""
    return check_signed_in(request.user)
