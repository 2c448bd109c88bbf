"""Telling licensees of a withdrawal, and keeping what they answer."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from collective.accounts.models import Organization, User
from collective.accounts.selectors import MANAGERS, members_of
from collective.catalog.models import Withdrawal
from collective.core import audit
from collective.core.db.conflicts import insert_or_none
from collective.core.jobs import enqueue
from licensing.domain.deletion import STATEMENT, STATEMENT_SHA256, due, license_without_recall
from licensing.errors import DeletionStatementChangedError, SignatureMissingError
from licensing.gateways.mail import send_withdrawal_mail
from licensing.models import LicenseGrant, WithdrawalNotice, WithdrawalNoticeEvent
from licensing.policies import check_can_answer_notice
from licensing.selectors.withdrawals import grants_to_tell, notice_for
from licensing.services.holds import resume_grant

AT_ONCE = timedelta(days=1)


def notices_due(*, withdrawal_id: UUID) -> None:
    """Asked for in the transaction that hears of the withdrawal; the work is a job of its own."""
    enqueue("licensing.tell_licensees", key=f"tell-licensees:{withdrawal_id}", withdrawal_id=withdrawal_id)


def tell_licensees(*, withdrawal_id: UUID) -> None:
    """Job: a notice per grant concerned. Ended anywhere and run again, it makes those that are missing."""
    withdrawal = Withdrawal.objects.select_related("contribution").get(pk=withdrawal_id)
    for grant in grants_to_tell(withdrawal):
        _tell(grant, withdrawal)


@transaction.atomic
def acknowledge_notice(*, actor: User, notice_id: UUID) -> WithdrawalNotice:
    """The licensee has read it. Once it is acknowledged, attested or overdue this changes nothing."""
    notice = _locked(actor, notice_id)
    if notice.state == "notified":
        notice.transition_to("acknowledged")
        note(notice, "acknowledged", actor=actor)
        audit.record(actor=actor, action="licensing.notice_acknowledged", obj=notice)
    return notice


@transaction.atomic
def attest_deletion(
    *, actor: User, notice_id: UUID, signer_name: str, statement_sha256: str, proof_sha256: str = ""
) -> WithdrawalNotice:
    """A member signs for the licensee that all copies are deleted; also late. Attesting twice keeps the first.

    A grant that was suspended for want of this is active again, unless another notice of it is overdue. Raises
    SignatureMissingError, and DeletionStatementChangedError if another statement was shown.
    """
    notice = _locked(actor, notice_id)
    if notice.state == "attested":
        return notice
    if not signer_name.strip():
        raise SignatureMissingError(fields={"signer_name": [SignatureMissingError.text]})
    if statement_sha256 != STATEMENT_SHA256:
        raise DeletionStatementChangedError
    notice.transition_to("attested")
    signed = {"signer_name": signer_name.strip(), "statement": STATEMENT, "statement_sha256": STATEMENT_SHA256}
    note(notice, "attested", actor=actor, proof_sha256=proof_sha256, **signed)
    # The grant is locked before the audit trail, as whoever suspends it does.
    _reinstate(notice)
    audit.record(actor=actor, action="licensing.deletion_attested", obj=notice, statement_sha256=STATEMENT_SHA256)
    return notice


def note(notice: WithdrawalNotice, kind: str, **said: Any) -> WithdrawalNoticeEvent:
    return WithdrawalNoticeEvent.objects.create(notice=notice, kind=kind, at=timezone.now(), **said)


def mail_managers(notice: WithdrawalNotice, kind: str, organization: Organization) -> None:
    """A mail to each owner and admin, as a job of its own: one that fails does not send the others again."""
    managers = members_of(organization).filter(role__in=MANAGERS, user__is_active=True)
    reminders = notice.events.filter(kind="reminded").count()
    for manager in managers:
        key = f"withdrawal-mail:{notice.pk}:{kind}:{reminders}:{manager.user_id}"
        enqueue("licensing.mail_notice", key=key, notice_id=notice.pk, kind=kind, user_id=manager.user_id)


def mail_notice(*, notice_id: UUID, kind: str, user_id: UUID) -> None:
    """Job. Nobody is asked for what was attested meanwhile."""
    rows = WithdrawalNotice.objects.select_related("grant__dataset__organization", "grant__licensee", "grant__license")
    notice = rows.get(pk=notice_id)
    if notice.state != "attested":
        send_withdrawal_mail(notice, kind, user_id)


@transaction.atomic
def _tell(grant: LicenseGrant, withdrawal: Withdrawal) -> None:
    now = timezone.now()
    # Who hears of it late has the whole time from then on.
    begin = withdrawal.at if now - withdrawal.at < AT_ONCE else now
    notice = insert_or_none(
        WithdrawalNotice(
            grant=grant,
            withdrawal=withdrawal,
            due_at=due(begin, grant.offer.terms_view.delete_on_withdrawal),
            open_license=license_without_recall(withdrawal.contribution.material_license),
            made_at=now,
        )
    )
    if notice is None:
        return
    note(notice, "notified")
    audit.record(actor=None, action="licensing.licensee_told", obj=notice, grant=grant.pk, withdrawal=withdrawal.number)
    mail_managers(notice, "notified", grant.licensee)


def _locked(actor: User, notice_id: UUID) -> WithdrawalNotice:
    """The notice, authorized and then locked: an answer and the passing of the due date come one after the other."""
    check_can_answer_notice(actor, notice_for(actor, notice_id))
    rows = WithdrawalNotice.objects.select_related("grant__licensee", "grant__dataset__organization", "withdrawal")
    return rows.select_for_update(of=("self",), no_key=True).get(pk=notice_id)


def _reinstate(notice: WithdrawalNotice) -> None:
    rows = LicenseGrant.objects.select_related("offer__license_version__template")
    grant = rows.select_for_update(of=("self",), no_key=True).get(pk=notice.grant_id)
    resume_grant(grant, f"The deletion after withdrawal {notice.withdrawal.number} was attested.")
