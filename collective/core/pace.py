"""How often one caller may ask: a fixed window in the cache."""

import time
from contextlib import suppress

import structlog
from django.conf import settings
from django.core.cache import cache
from redis.exceptions import RedisError

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


def _count(key: str) -> int:
    """One more. Raises ValueError."""
    with suppress(ValueError):  # the first of its window
        return cache.incr(key)
    cache.add(key, 0, timeout=2 * SECONDS)
    return cache.incr(key)
