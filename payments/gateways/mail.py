"""Mail about money. It says what happened and where to read it."""

from collections.abc import Sequence
from uuid import UUID

from collective.accounts.models import Organization, User
from collective.core import mail
from collective.core.domain.money import Money
from payments.models import PayoutFreeze, SponsorApproval, Subscription


def send_freeze_mail(freeze: PayoutFreeze, payee: Organization, kind: str, user_id: UUID) -> None:
    """`kind`: held or lifted. Who claims is not said. Nothing is sent to a person whose account is closed."""
    person = User.objects.filter(pk=user_id, is_active=True).first()
    if person is not None:
        about = {"kind": kind, "freeze": freeze, "payee": payee}
        mail.send("payments/email/freeze", person.email, about)


def send_subscription_mail(subscription: Subscription) -> None:
    """To the buyer: a payment failed, or it has ended, and why."""
    if subscription.buyer.is_active:
        about = {"subscription": subscription, "order": subscription.order}
        mail.send("payments/email/subscription", subscription.buyer.email, about)


def send_sponsor_mail(approval: SponsorApproval, kind: str, user_id: UUID) -> None:
    """`kind`: requested (to the sponsor), approved, refused, withdrawn, closed (to the researcher)."""
    person = User.objects.filter(pk=user_id, is_active=True).first()
    if person is not None:
        mail.send("payments/email/sponsor", person.email, {"kind": kind, "approval": approval})


def send_unpaid_mail(payee: Organization, sums: Sequence[Money], kept_days: int, user_id: UUID) -> None:
    """There is money for them, and nobody knows where to send it."""
    person = User.objects.filter(pk=user_id, is_active=True).first()
    if person is not None:
        about = {"payee": payee, "sums": sums, "kept_days": kept_days}
        mail.send("payments/email/unpaid", person.email, about)
