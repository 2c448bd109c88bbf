"""Who hears of what becomes of a budget: a mail per person, owed in the transaction of the change."""

from uuid import UUID

from django.utils import timezone

from collective.accounts.models import Organization
from collective.accounts.selectors import managers_of
from collective.core.jobs import enqueue
from payments.gateways.mail import send_sponsor_mail
from payments.models import SponsorApproval, Sponsorship


def tell_sponsor(approval: SponsorApproval) -> None:
    """Somebody asks."""
    _owe(approval, approval.sponsorship.sponsor, "requested")


def tell_researcher(approval: SponsorApproval, kind: str) -> None:
    """`kind`: approved, refused, withdrawn, or closed for the whole budget."""
    _owe(approval, approval.researcher, kind)


def tell_researchers(sponsorship: Sponsorship) -> None:
    """It has closed for those who could use it."""
    for approval in sponsorship.approvals.filter(state="approved").select_related("researcher"):
        tell_researcher(approval, "closed")


def mail_sponsoring(*, approval_id: UUID, kind: str, user_id: UUID) -> None:
    """Job."""
    approval = SponsorApproval.objects.select_related("sponsorship__sponsor", "researcher").get(pk=approval_id)
    send_sponsor_mail(approval, kind, user_id)


def _owe(approval: SponsorApproval, to: Organization, kind: str) -> None:
    # The same can happen again to the same request: asked, refused, asked.
    moment = int(timezone.now().timestamp() * 1000)
    for person in managers_of(to):
        key = f"sponsor-mail:{approval.pk}:{kind}:{moment}:{person.pk}"
        enqueue("payments.mail_sponsoring", key=key, approval_id=approval.pk, kind=kind, user_id=person.pk)
