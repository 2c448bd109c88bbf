"""How often somebody without an account may use a public form, by network address, as for signing up."""

from allauth.core import ratelimit
from django.http import HttpRequest


def is_within_limit(request: HttpRequest, action: str) -> bool:
    """Counts this one; `action` is a name in `settings.ACCOUNT_RATE_LIMITS`. Whoever is signed in passes uncounted."""
    return request.user.is_authenticated or ratelimit.consume(request, action=action)
