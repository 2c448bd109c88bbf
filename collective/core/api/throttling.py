"""How often one caller may ask: a fixed window in the cache."""

import time
from contextlib import suppress
from typing import Any

import structlog
from django.conf import settings
from django.core.cache import cache
from redis.exceptions import RedisError
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

log = structlog.get_logger()


SECONDS = 60


def seconds_to_wait(scope: str, caller: str) -> float:
    """Counts one more of `settings.API_LIMITS[scope]` requests of this minute; 0 while there is one left.

    Without the cache everybody passes.
    """
    now = time.time()
    try:
        count = _count(f"throttle:{scope}:{caller}:{int(now // SECONDS)}")
    except (RedisError, OSError, ValueError) as error:
        # ValueError: the window's counter was evicted between the two calls.
        log.warning("throttle.open", error=type(error).__name__)
        return 0
    return 0 if count <= settings.API_LIMITS[scope] else SECONDS - now % SECONDS


class CallerThrottle(BaseThrottle):
    """Counts per API key, else per person, else per address.

    A view's `throttle_scope` names its own, counted apart;
    otherwise it is `user` or `anonymous`.
    """

    def allow_request(self, request: Request, view: Any) -> bool:
        scope = getattr(view, "throttle_scope", "") or ("anonymous" if request.user.is_anonymous else "user")
        self.left = seconds_to_wait(scope, _caller(request))
        return not self.left

    def wait(self) -> float:
        return self.left


def _count(key: str) -> int:
    """One more. Raises ValueError."""
    with suppress(ValueError):  # the first of its window
        return cache.incr(key)
    cache.add(key, 0, timeout=2 * SECONDS)
    return cache.incr(key)


def _caller(request: Request) -> str:
    key: Any = getattr(request.auth, "pk", None)
    if key:
        return f"key:{key}"
    return f"user:{request.user.pk}" if request.user.pk else f"address:{request.META.get('REMOTE_ADDR', '')}"
