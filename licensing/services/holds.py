"""Suspending a license for a reason that has an end of its own, and letting it go on when no reason is left."""

from uuid import UUID

from django.db import transaction
from django.utils import timezone

from licensing.domain.deletion import suspends
from licensing.models import GrantHold, GrantStatusEvent, LicenseGrant, WithdrawalNoticeEvent
from licensing.services.grants import reinstate_grant, suspend_grant

CURRENT = ("active", "suspended")


@transaction.atomic
def hold_grant(*, grant_id: UUID, cause: str, reason: str) -> GrantHold | None:
    """Suspend it for this cause, also if it is suspended for another. None: it is over, or was held for it before."""
    grant = _locked(grant_id)
    if grant.state not in CURRENT or grant.holds.filter(cause=cause).exists():
        return None
    suspend_grant(actor=None, grant_id=grant_id, reason=reason)
    event = _events(grant, "suspended")[0]
    return GrantHold.objects.create(
        grant=grant, cause=cause, reason=reason, status_event=event, placed_at=timezone.now()
    )


@transaction.atomic
def lift_hold(*, grant_id: UUID, cause: str, reason: str) -> bool:
    """This cause is over; the license goes on if it was the last. False: it did not hold it (any more)."""
    grant = _locked(grant_id)
    if not grant.holds.filter(cause=cause, lifted_at=None).update(lifted_at=timezone.now()):
        return False
    resume_grant(grant, reason)
    return True


def resume_grant(grant: LicenseGrant, reason: str) -> None:
    """Active again, unless another reason to be suspended is left. Precondition: the row is locked."""
    if grant.state == "suspended" and not _stays_suspended(grant):
        reinstate_grant(actor=None, grant_id=grant.pk, reason=reason)


def _stays_suspended(grant: LicenseGrant) -> bool:
    if grant.holds.filter(lifted_at=None).exists() or _deletion_is_overdue(grant):
        return True
    # What neither a hold nor a notice explains, a person did: only a person ends it.
    explained = set(grant.holds.values_list("status_event_id", flat=True))
    noted = WithdrawalNoticeEvent.objects.filter(notice__grant=grant, status_event__isnull=False)
    explained.update(noted.values_list("status_event_id", flat=True))
    again = _events(grant, "reinstated")
    since = [event for event in _events(grant, "suspended") if not again or event.at > again[0].at]
    return any(event.pk not in explained for event in since)


def _deletion_is_overdue(grant: LicenseGrant) -> bool:
    overdue = grant.withdrawal_notices.filter(state="overdue").exists()
    return overdue and suspends(grant.offer.terms_view.revocability)


def _events(grant: LicenseGrant, kind: str) -> list[GrantStatusEvent]:
    """The newest first."""
    return list(grant.status_events.filter(kind=kind).order_by("-at", "-id"))


def _locked(grant_id: UUID) -> LicenseGrant:
    rows = LicenseGrant.objects.select_related("offer__license_version__template")
    return rows.select_for_update(of=("self",), no_key=True).get(pk=grant_id)
