"""The steward's side: deciding, asking back, ending an approval; and what time does by itself."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils import timezone

from collective.accounts.models import User
from collective.core import audit
from licensing.errors import AccessExpiryError
from licensing.models import AccessRequest
from licensing.policies import check_can_decide_access
from licensing.services.access import RENEW_WITHIN, locked, written
from licensing.services.access_events import note
from licensing.services.access_setup import check_offers

REMIND_STEWARDS_AFTER = timedelta(days=3)


@transaction.atomic
def approve_access(
    *,
    actor: User,
    request_id: UUID,
    reason: str,
    expires_at: datetime | None = None,
    offers: Sequence[str] = (),
) -> AccessRequest:
    """The organization may take a license from now until `expires_at`, under `offers` only (none named: any).

    Raises WrongStateError when somebody else has decided, or it was withdrawn.
    """
    request = locked(actor, request_id)
    check_can_decide_access(actor, request)
    said, now = written(reason), timezone.now()
    if expires_at is not None and expires_at <= now:
        raise AccessExpiryError(fields={"expires_at": [AccessExpiryError.text]})
    check_offers(request.dataset, offers)
    request.transition_to(
        "approved",
        decided_at=now,
        decided_by=actor,
        reason=said,
        allowed_offers=sorted(set(offers)),
        expires_at=expires_at,
    )
    note(request, "approved", actor=actor, text=said)
    audit.record(actor=actor, action="licensing.access_approved", obj=request)
    return request


@transaction.atomic
def decline_access(*, actor: User, request_id: UUID, reason: str) -> AccessRequest:
    request = locked(actor, request_id)
    check_can_decide_access(actor, request)
    said = written(reason)
    request.transition_to("declined", decided_at=timezone.now(), decided_by=actor, reason=said)
    note(request, "declined", actor=actor, text=said)
    audit.record(actor=actor, action="licensing.access_declined", obj=request)
    return request


@transaction.atomic
def ask_for_information(*, actor: User, request_id: UUID, text: str) -> AccessRequest:
    request = locked(actor, request_id)
    check_can_decide_access(actor, request)
    said = written(text)
    request.transition_to("needs_information")
    note(request, "information_asked", actor=actor, text=said)
    audit.record(actor=actor, action="licensing.access_information_asked", obj=request)
    return request


@transaction.atomic
def end_access(*, actor: User, request_id: UUID, reason: str) -> AccessRequest:
    """No new license from now on. A license that was given stays what it says."""
    request = locked(actor, request_id)
    check_can_decide_access(actor, request)
    said = written(reason)
    request.transition_to("ended", reason=said)
    note(request, "ended", actor=actor, text=said)
    audit.record(actor=actor, action="licensing.access_ended", obj=request)
    return request


@transaction.atomic
def expire_access() -> int:
    """Give approvals whose time is over that state; sales refuse them from the second they end, without this."""
    over = AccessRequest.objects.filter(state="approved", expires_at__lte=timezone.now())
    rows = list(over.select_related("dataset__organization", "requester"))
    for request in rows:
        request.transition_to("expired")
        note(request, "expired")
        audit.record(actor=None, action="licensing.access_expired", obj=request)
    return len(rows)


@transaction.atomic
def remind_of_access() -> int:
    """Tell stewards of what waits, every three days, and requesters once of an approval that ends soon."""
    now = timezone.now()
    people = AccessRequest.objects.select_related("dataset__organization", "requester")
    # From the last word of the requester's, or the last reminder.
    since = Coalesce(F("stewards_reminded_at"), F("asked_at"))
    waiting = people.annotate(since=since).filter(state="open", since__lte=now - REMIND_STEWARDS_AFTER)
    ending = people.filter(
        Q(expires_at__gt=now, expires_at__lte=now + RENEW_WITHIN), state="approved", requester_reminded_at=None
    )
    told: list[tuple[AccessRequest, str, str]] = [(row, "reminded", "stewards_reminded_at") for row in waiting]
    told += [(row, "expires_soon", "requester_reminded_at") for row in ending]
    for request, kind, column in told:
        AccessRequest.objects.filter(pk=request.pk).update(**{column: now})
        note(request, kind)
    return len(told)
