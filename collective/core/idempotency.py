"""A client's own key makes a repeated POST repeat the answer and not the effect."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.utils import timezone

from collective.core.errors import ConflictError, InvalidError
from collective.core.models import IdempotencyKey

KEY_LENGTH_MAX = 255
# A request that neither answered nor failed for this long has lost its process; the next one takes its place.
ABANDONED_AFTER = timedelta(minutes=2)
KEPT = timedelta(days=7)


class InvalidKeyError(InvalidError):
    code = "invalid_idempotency_key"
    text = "An Idempotency-Key has 1 to 255 printable ASCII characters."


class KeyReusedError(ConflictError):
    code = "idempotency_key_reused"
    text = "This Idempotency-Key belongs to another request. Use a new key for a new request."


class StillRunningError(ConflictError):
    code = "idempotency_still_running"
    text = "The first request with this Idempotency-Key is still running. Ask again in a few seconds."


@dataclass(frozen=True)
class Answer:
    """`body` is JSON-ready. `replayed`: it was given before, and nothing happened this time."""

    status: int
    body: Any
    replayed: bool = False


def fingerprint(method: str, path: str, body: bytes) -> str:
    return hashlib.sha256(b"\0".join([method.encode(), path.encode(), body])).hexdigest()


def answer_once(*, actor: AbstractBaseUser, key: str, request_sha256: str, perform: Callable[[], Answer]) -> Answer:
    """The first call performs; effect and answer commit together. Later calls get the stored answer.

    If `perform` raises, its effect is rolled back and the key is free again. The unique (actor, key) decides who is
    first, on both databases. Raises InvalidKeyError, KeyReusedError, StillRunningError.
    """
    if not (0 < len(key) <= KEY_LENGTH_MAX and key.isascii() and key.isprintable()):
        raise InvalidKeyError
    row, first = IdempotencyKey.objects.get_or_create(
        actor_id=actor.pk, key=key, defaults={"fingerprint": request_sha256}
    )
    if not first:
        if row.fingerprint != request_sha256:
            raise KeyReusedError
        if row.status is not None:
            return Answer(row.status, row.answer["body"], replayed=True)
        _take_over(row)
    try:
        with transaction.atomic():
            answer = perform()
            IdempotencyKey.objects.filter(pk=row.pk).update(status=answer.status, answer={"body": answer.body})
    except BaseException:
        IdempotencyKey.objects.filter(pk=row.pk, status=None).delete()
        raise
    return answer


def forget_answers() -> None:
    """Keys are kept long enough for any client that still repeats its request."""
    IdempotencyKey.objects.filter(created_at__lt=timezone.now() - KEPT).delete()


def _take_over(row: IdempotencyKey) -> None:
    now = timezone.now()
    abandoned = IdempotencyKey.objects.filter(
        pk=row.pk, status=None, created_at=row.created_at, created_at__lt=now - ABANDONED_AFTER
    )
    if not abandoned.update(created_at=now):
        raise StillRunningError
