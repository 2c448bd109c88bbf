"""The conversation of a request, and who is told of it by mail."""

from django.utils import timezone

from collective.accounts.models import User
from collective.accounts.selectors import managers_of
from collective.core.events import publish
from collective.core.jobs import enqueue
from licensing.events import AccessDecided
from licensing.models import AccessRequest, AccessRequestEvent

TO_STEWARDS = frozenset({"asked", "answered", "withdrawn", "reminded"})
DECISIONS = frozenset({"approved", "declined", "withdrawn", "expired", "ended"})
TO_REQUESTER = frozenset({"information_asked", "approved", "declined", "expired", "ended", "expires_soon"})


def note(request: AccessRequest, kind: str, *, actor: User | None = None, text: str = "") -> AccessRequestEvent:
    """Append an event, owe the other side a mail, and tell other apps of a decision. In the caller's transaction."""
    event = AccessRequestEvent.objects.create(request=request, kind=kind, actor=actor, text=text, at=timezone.now())
    for person in _told(request, kind):
        enqueue("licensing.mail_access", key=f"access:{event.pk}:{person.pk}", event_id=event.pk, user_id=person.pk)
    if kind in DECISIONS:
        publish(AccessDecided(request_id=request.pk))
    return event


def _told(request: AccessRequest, kind: str) -> list[User]:
    if kind in TO_STEWARDS:
        return list(managers_of(request.dataset.organization))
    return [request.requester] if kind in TO_REQUESTER else []
