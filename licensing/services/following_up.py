"""What happens as a notice's due date comes near and passes."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from collective.catalog.models import Withdrawal
from collective.core import audit
from licensing.domain.deletion import REMINDERS, reminders_passed, suspends
from licensing.models import GrantStatusEvent, LicenseGrant, WithdrawalNotice
from licensing.services.grants import suspend_grant
from licensing.services.notices import mail_managers, note, notices_due


def follow_up_notices() -> None:
    """Job, hourly: reminders before the due date; after it the steward is told, and a revocable grant suspended.

    Also tells of what nobody was told: withdrawals that are older than notices.
    """
    now = timezone.now()
    untold = Withdrawal.objects.filter(notices=None, versions__isnull=False, dataset__grants__issued_at__lt=F("at"))
    for withdrawal_id in untold.distinct().values_list("pk", flat=True):
        notices_due(withdrawal_id=withdrawal_id)
    waiting = WithdrawalNotice.objects.filter(state__in=WithdrawalNotice.OPEN, due_at__lte=now + max(REMINDERS))
    for notice_id, due_at in waiting.order_by("due_at").values_list("pk", "due_at"):
        if due_at is not None and due_at <= now:
            _lapse(notice_id)
        else:
            _remind(notice_id, now)


@transaction.atomic
def _remind(notice_id: UUID, now: datetime) -> None:
    """One mail, however many reminders were missed."""
    notice = _locked(notice_id)
    if notice is None or notice.due_at is None:
        return
    missing = reminders_passed(notice.due_at, now) - notice.events.filter(kind="reminded").count()
    if missing > 0:
        for _ in range(missing):
            note(notice, "reminded")
        mail_managers(notice, "reminded", notice.grant.licensee)


@transaction.atomic
def _lapse(notice_id: UUID) -> None:
    notice = _locked(notice_id)
    if notice is None:
        return
    notice.transition_to("overdue")
    suspension = _suspend(notice)
    note(notice, "overdue", status_event=suspension)
    audit.record(actor=None, action="licensing.notice_overdue", obj=notice, suspended=suspension is not None)
    mail_managers(notice, "overdue", notice.grant.licensee)
    mail_managers(notice, "escalated", notice.grant.dataset.organization)


def _suspend(notice: WithdrawalNotice) -> GrantStatusEvent | None:
    """The suspension, if there is one of ours: only an active grant is suspended, and only if its terms allow it."""
    grant = LicenseGrant.objects.select_for_update(of=("self",), no_key=True).get(pk=notice.grant_id)
    if grant.state != "active" or not suspends(grant.offer.terms_view.revocability):
        return None
    number = notice.withdrawal.number
    reason = f"The deletion after withdrawal {number} was not attested in time. Attest it, and the license goes on."
    suspend_grant(actor=None, grant_id=grant.pk, reason=reason)
    return GrantStatusEvent.objects.filter(grant=grant, kind="suspended").order_by("-at", "-id").first()


def _locked(notice_id: UUID) -> WithdrawalNotice | None:
    """None: it was attested meanwhile, or is overdue already."""
    rows = WithdrawalNotice.objects.select_related("grant__licensee", "grant__dataset__organization", "withdrawal")
    open_ones = rows.filter(state__in=WithdrawalNotice.OPEN)
    return open_ones.select_for_update(of=("self",), no_key=True).filter(pk=notice_id).first()
