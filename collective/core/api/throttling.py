"""How often one caller may ask. A fixed window in the cache; without the cache everybody passes."""

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


class CallerThrottle(BaseThrottle):
    """Counts per API key, else per person, else per address.

    `settings.API_LIMITS` maps a scope to requests per minute. A view's `throttle_scope` names its own, counted apart;
    otherwise it is `user` or `anonymous`.
    """

    seconds = 60

    def allow_request(self, request: Request, view: Any) -> bool:
        scope = getattr(view, "throttle_scope", "") or ("anonymous" if request.user.is_anonymous else "user")
        now = time.time()
        self.left = self.seconds - now % self.seconds
        key = f"throttle:{scope}:{_caller(request)}:{int(now // self.seconds)}"
        try:
            return self._count(key) <= settings.API_LIMITS[scope]
        except (RedisError, OSError, ValueError) as error:
            # ValueError: the window's counter was evicted between the two calls.
            log.warning("throttle.open", error=type(error).__name__)
            return True

    def _count(self, key: str) -> int:
        """One more. Raises ValueError."""
        with suppress(ValueError):  # the first of its window
            return cache.incr(key)
        cache.add(key, 0, timeout=2 * self.seconds)
        return cache.incr(key)

    def wait(self) -> float:
        return self.left


def _caller(request: Request) -> str:
    key: Any = getattr(request.auth, "pk", None)
    if key:
        return f"key:{key}"
    return f"user:{request.user.pk}" if request.user.pk else f"address:{request.META.get('REMOTE_ADDR', '')}"
