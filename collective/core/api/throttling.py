"""The pace of callers on API routes."""

from typing import Any

from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from collective.core.pace import seconds_to_wait


class CallerThrottle(BaseThrottle):
    """Counts per API key, else per person, else per address.

    A view's `throttle_scope` names its own limit, counted apart; otherwise it is `user` or `anonymous`.
    """

    def allow_request(self, request: Request, view: Any) -> bool:
        scope = getattr(view, "throttle_scope", "") or ("anonymous" if request.user.is_anonymous else "user")
        self.left = seconds_to_wait(scope, _caller(request))
        return not self.left

    def wait(self) -> float:
        return self.left


def _caller(request: Request) -> str:
    key: Any = getattr(request.auth, "pk", None)
    if key:
        return f"key:{key}"
    return f"user:{request.user.pk}" if request.user.pk else f"address:{request.META.get('REMOTE_ADDR', '')}"
