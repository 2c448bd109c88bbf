"""Keys that were found where others can read them stop working, without anybody's asking."""

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone

from collective.accounts.models import ApiKey
from collective.core import audit
from collective.core.jobs import enqueue


@transaction.atomic
def revoke_leaked_keys(*, leaked: Iterable[tuple[str, str]], reason: str) -> dict[str, bool]:
    """`leaked` are keys as (id, SHA-256 of the secret). The id alone is public, so only both together touch a key.

    Returns the ids of the keys that are really ours, each with whether it was live until now; their owners are told.
    """
    claims = set(leaked)
    # All locks before the first audit event, in one order: two reports with the same keys must not wait for each other.
    named = ApiKey.objects.filter(pk__in={key_id for key_id, _ in claims}).order_by("pk")
    keys = [key for key in named.select_for_update(no_key=True) if (key.pk, key.secret_sha256) in claims]
    return {key.pk: _revoke(key, reason) for key in keys}


def _revoke(key: ApiKey, reason: str) -> bool:
    now = timezone.now()
    if not ApiKey.objects.filter(pk=key.pk, revoked_at=None, expires_at__gt=now).update(revoked_at=now):
        return False
    audit.record(actor=None, action="accounts.api_key_revoked", obj=key, reason=reason)
    enqueue("accounts.tell_key_revoked", key=f"key-revoked:{key.pk}", key_id=key.pk)
    return True
