"""Shares that may be somebody else's: not released while a claim to them is upheld. The ledger is not touched."""

from uuid import UUID

from django.db import transaction
from django.utils import timezone

from collective.accounts.models import Organization
from collective.accounts.selectors import managers_of
from collective.core import audit
from collective.core.jobs import enqueue
from licensing.models import OwnershipClaim
from payments.gateways.mail import send_freeze_mail
from payments.models import PayoutFreeze
from payments.selectors.freezes import claimed_lines, payees_concerned
from payments.services.releasing import release_to

PAYEES_AT_ONCE = 300


@transaction.atomic
def freeze_payouts(*, claim_id: UUID) -> PayoutFreeze | None:
    """The unreleased shares of the payees concerned stay held. Twice is once; None if the claim stands no more."""
    claim = OwnershipClaim.objects.select_related("contribution").get(pk=claim_id)
    if claim.state != "upheld":
        return None
    payee = claim.contribution.payee_id if claim.contribution else None
    freeze, is_new = PayoutFreeze.objects.get_or_create(
        cause=claim.cause, defaults={"dataset_id": claim.dataset_id, "payee_id": payee, "placed_at": timezone.now()}
    )
    if is_new:
        audit.record(actor=None, action="payments.payouts_frozen", obj=freeze, claim=claim.pk)
        _tell(freeze, "held")
    return freeze


@transaction.atomic
def unfreeze_payouts(*, claim_id: UUID) -> PayoutFreeze | None:
    """What is mature by now becomes payable at once, the rest when its hold is over. Twice is once."""
    claim = OwnershipClaim.objects.get(pk=claim_id)
    freeze = PayoutFreeze.objects.select_for_update(no_key=True).filter(cause=claim.cause).first()
    if freeze is not None and freeze.lifted_at is not None:
        return freeze
    if freeze is not None:
        freeze.lifted_at = timezone.now()
        freeze.save(update_fields=["lifted_at"])
    # Also without a freeze: a release that came before it was placed has left out what the claim covers.
    # Accounts are locked before the audit trail, as in every posting.
    _release(claim)
    enqueue("payments.release_due_settlements", key=f"release:{claim.cause}")
    if freeze is not None:
        audit.record(actor=None, action="payments.payouts_unfrozen", obj=freeze, claim=claim.pk)
        _tell(freeze, "lifted")
    return freeze


def tell_of_freeze(*, freeze_id: UUID, kind: str) -> None:
    """Job: a mail is owed to each owner and admin of each payee concerned, `kind` held or lifted."""
    freeze = PayoutFreeze.objects.get(pk=freeze_id)
    for payee in payees_concerned(freeze):
        for manager in managers_of(payee):
            key = f"freeze-mail:{freeze_id}:{kind}:{payee.pk}:{manager.pk}"
            enqueue(
                "payments.mail_freeze",
                key=key,
                freeze_id=freeze_id,
                payee_id=payee.pk,
                kind=kind,
                user_id=manager.pk,
            )


def mail_freeze(*, freeze_id: UUID, payee_id: UUID, kind: str, user_id: UUID) -> None:
    """Job."""
    freeze = PayoutFreeze.objects.select_related("dataset").get(pk=freeze_id)
    send_freeze_mail(freeze, Organization.objects.get(pk=payee_id), kind, user_id)


def _tell(freeze: PayoutFreeze, kind: str) -> None:
    enqueue("payments.tell_of_freeze", key=f"freeze-mail:{freeze.pk}:{kind}", freeze_id=freeze.pk, kind=kind)


def _release(claim: OwnershipClaim) -> None:
    now = timezone.now()
    lines = claimed_lines(claim)
    for currency in sorted(set(lines.values_list("settlement__currency", flat=True))):
        payees = sorted(set(lines.filter(settlement__currency=currency).values_list("payee_id", flat=True)))
        for first in range(0, len(payees), PAYEES_AT_ONCE):
            some = payees[first : first + PAYEES_AT_ONCE]
            release_to(some, currency, now, key=f"release:{claim.cause}:{currency}:{first}")
