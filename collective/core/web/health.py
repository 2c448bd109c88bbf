"""`/healthz`: is each part well, and if not, in which words. Says nothing that a stranger could use."""

from collections.abc import Callable, Mapping
from datetime import timedelta

import structlog
from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from redis import Redis
from redis.exceptions import RedisError

from collective.core import storage
from collective.core.errors import UnavailableError
from collective.core.models import Heartbeat
from collective.core.storage.errors import ObjectNotFoundError

log = structlog.get_logger()
SILENT_AFTER = timedelta(seconds=60)
NO_OBJECT = "0" * 64
Check = Callable[[], None]


class UnwellError(Exception):
    """One part is not well; the text is for the public."""


@never_cache
@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    report = {name: _examine(name, check) for name, check in CHECKS.items()}
    well = all(part["ok"] for part in report.values())
    return JsonResponse({"ok": well, "parts": report}, status=200 if well else 503)


def _examine(name: str, check: Check) -> dict[str, object]:
    try:
        check()
    except UnwellError as error:
        log.warning("health.unwell", part=name, why=str(error))
        return {"ok": False, "why": str(error)}
    return {"ok": True, "why": ""}


def _web() -> None:
    """This very answer is the proof."""


def _database() -> None:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError as error:
        raise UnwellError("The database does not answer.") from error


def _broker() -> None:
    try:
        with Redis.from_url(settings.REDIS_URL, socket_timeout=2, socket_connect_timeout=2) as redis:
            redis.ping()
    except (RedisError, OSError) as error:
        raise UnwellError("The broker does not answer. Work is delayed, not lost.") from error


def _heartbeat(name: str) -> Check:
    def check() -> None:
        try:
            row = Heartbeat.objects.filter(name=name).first()
        except DatabaseError as error:
            raise UnwellError("Unknown, because the database does not answer.") from error
        if row is None:
            raise UnwellError(f"The {name} has not been seen yet.")
        silent = timezone.now() - row.at
        if silent > SILENT_AFTER:
            raise UnwellError(f"The {name} was last seen {int(silent.total_seconds())} seconds ago.")

    return check


def _store() -> None:
    try:
        storage.published().info(NO_OBJECT)
    except ObjectNotFoundError:
        return  # it answered, and there is no such object: that is well
    except (UnavailableError, OSError) as error:
        raise UnwellError("The object store does not answer.") from error


CHECKS: Mapping[str, Check] = {
    "web": _web,
    "database": _database,
    "broker": _broker,
    "worker": _heartbeat("worker"),
    "sweeper": _heartbeat("sweeper"),
    "store": _store,
}
