"""An order that somebody else pays: settled at once, from a budget."""

from uuid import UUID

from django.db import transaction
from django.utils import timezone

from collective.core import audit
from payments.errors import (
    NotSponsoredError,
    SponsorshipEmptyError,
    SponsorshipLimitError,
    SponsorshipOverError,
    SponsorshipUnfitError,
)
from payments.gateways.facts import Receipt
from payments.gateways.sponsorship import NAME, payment_reference
from payments.models import Order, SponsorApproval, SponsoredOrder, Sponsorship
from payments.selectors.sponsoring import spendable_minor
from payments.services.paying import settle_payment


@transaction.atomic
def pay_from_budget(*, order: Order, sponsorship_id: UUID) -> Order:
    """In the transaction that places the order; whoever placed it was allowed to buy for its licensee.

    The sponsorship's row is locked, which closing and withdrawing an approval wait for. Contributors get what they
    get from every sale. Raises NotSponsoredError, SponsorshipOverError, SponsorshipUnfitError, SponsorshipLimitError,
    SponsorshipEmptyError, and what `settle_payment` raises.
    """
    sponsorship = Sponsorship.objects.select_for_update(no_key=True).filter(pk=sponsorship_id).first()
    approval = SponsorApproval.objects.filter(
        sponsorship=sponsorship_id, researcher=order.licensee_id, state="approved"
    ).first()
    if sponsorship is None or approval is None:
        raise NotSponsoredError(organization=order.licensee_name)
    _check(sponsorship, order)
    SponsoredOrder.objects.create(order=order, sponsorship=sponsorship, approval=approval)
    paid = settle_payment(receipt=Receipt(NAME, payment_reference(order), order.pk, order.total_minor, order.currency))
    audit.record(actor=order.buyer, action="payments.sponsored", obj=sponsorship, order=order.pk)
    return paid


def _check(sponsorship: Sponsorship, order: Order) -> None:
    """The account refuses to go below zero by itself; here it is said in words."""
    if sponsorship.state != "open" or sponsorship.until <= timezone.now():
        raise SponsorshipOverError
    if not sponsorship.fits(order.offer):
        raise SponsorshipUnfitError
    if sponsorship.most_minor is not None and order.total_minor > sponsorship.most_minor:
        raise SponsorshipLimitError(most=str(sponsorship.most))
    if order.total_minor > spendable_minor(sponsorship):
        raise SponsorshipEmptyError
