"""Keys for programs: made and revoked by a person at the web site, used in the Authorization header."""

from datetime import timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from collective.accounts import policies
from collective.accounts.domain.keys import DEFAULT_DAYS, MOST_DAYS, SCOPES, make_key, parse_key
from collective.accounts.errors import BadApiKeyError, KeyLifetimeError, NoScopeError, UnknownScopeError
from collective.accounts.models import ApiKey, User
from collective.core import audit
from collective.core.errors import NotFoundError

USE_NOTED_EVERY = timedelta(minutes=1)


@transaction.atomic
def create_api_key(
    *, actor: User, name: str, scopes: list[str], expires_in_days: int = DEFAULT_DAYS, is_service: bool = False
) -> tuple[ApiKey, str]:
    """The row and the key itself, which nobody can see again: only the hash of its secret is kept."""
    policies.check_signed_in(actor)
    _check_wishes(scopes, expires_in_days)
    parts, now = make_key(), timezone.now()
    key = ApiKey.objects.create(
        id=parts.id,
        owner=actor,
        name=name.strip() or "key",
        secret_sha256=parts.secret_sha256,
        scopes=sorted(set(scopes)),
        is_service=is_service,
        created_at=now,
        expires_at=now + timedelta(days=expires_in_days),
    )
    audit.record(actor=actor, action="accounts.api_key_created", obj=key, scopes=key.scopes, days=expires_in_days)
    return key, parts.plaintext


@transaction.atomic
def revoke_api_key(*, actor: User, key_id: str) -> ApiKey:
    """The next request with the key is refused. Revoking twice is the same as once."""
    key = ApiKey.objects.filter(pk=key_id).first()
    if key is None:
        raise NotFoundError
    policies.check_can_revoke_key(actor, key)
    if ApiKey.objects.filter(pk=key_id, revoked_at=None).update(revoked_at=timezone.now()):
        audit.record(actor=actor, action="accounts.api_key_revoked", obj=key)
    key.refresh_from_db()
    return key


def authenticate_api_key(*, plaintext: str) -> ApiKey:
    """The living key of an active person, or BadApiKeyError. A wrong checksum is refused without a query."""
    parts = parse_key(plaintext)
    if parts is None:
        raise BadApiKeyError
    key = ApiKey.objects.select_related("owner").filter(pk=parts.id).first()
    if key is None or not parts.matches(key.secret_sha256) or not key.is_live:
        raise BadApiKeyError
    _note_use(key)
    return key


def _check_wishes(scopes: list[str], days: int) -> None:
    for scope in scopes:
        if scope not in SCOPES:
            raise UnknownScopeError(scope=scope, known=", ".join(SCOPES))
    if not scopes:
        raise NoScopeError
    if not 1 <= days <= MOST_DAYS:
        raise KeyLifetimeError(most=MOST_DAYS)


def _note_use(key: ApiKey) -> None:
    """At most one write per key and minute, so that a training job does not write once per shard."""
    now = timezone.now()
    if key.last_used_at is None or key.last_used_at < now - USE_NOTED_EVERY:
        old = Q(last_used_at=None) | Q(last_used_at__lt=now - USE_NOTED_EVERY)
        ApiKey.objects.filter(old, pk=key.pk).update(last_used_at=now)
        key.last_used_at = now
