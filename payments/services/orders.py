"""Placing an order: a snapshot of what the buyer saw and accepted."""

import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from collective.accounts.models import Organization, User
from collective.accounts.selectors import organization_for
from collective.catalog.models import DatasetVersion
from collective.core import audit
from collective.core.db.conflicts import insert_or_none
from collective.core.domain.money import Money
from collective.core.jobs import enqueue
from licensing.domain.plans import Licensee, asks_for_evidence, depends_on_kind
from licensing.domain.vocabulary import COUNTRIES, LICENSEE_TYPES
from licensing.errors import EvidenceMissingError, LicenseeDeclaredError, LicenseeNotPersonError
from licensing.models import LicenseVersion, Offer
from licensing.selectors import current_grant, text_accepted
from licensing.services import check_offer_sellable, lock_for_sale, reserve_scope
from payments.domain.fees import Quote
from payments.errors import (
    ClientRefReusedError,
    HasLicenseError,
    NotAcceptedError,
    StaleOfferError,
    TextChangedError,
    TotalUnseenError,
)
from payments.models import Invoice, Order, PaymentAttempt
from payments.policies import can_be_authorized, check_can_order, check_can_pay, check_invoice_possible
from payments.selectors.checkout import (
    offer_difference,
    offer_to_buy,
    present_hashes,
    price_difference,
    quote_for,
    version_on_sale,
)
from payments.selectors.coupons import usable_coupon
from payments.selectors.orders import order_for
from payments.services.coupons import take_coupon
from payments.services.granting import grant_license
from payments.services.invoices import reserve_invoice
from payments.services.letting_go import let_go
from payments.services.sponsored import pay_from_budget
from payments.services.subscriptions import open_subscription

ATTEMPTED = ("reserved", "open", "authorized")
PAY_WITHIN = timedelta(hours=24)
# Nobody else can buy what an exclusive order holds, so it does not hold it for a day.
PAY_EXCLUSIVE_WITHIN = timedelta(minutes=30)
# A bank transfer of the last day is still on its way.
INVOICE_GRACE = timedelta(days=14)


@dataclass(frozen=True)
class Evidence:
    """Where an acceptance came from. `method` is one of `Order.METHODS`."""

    ip: str | None = None
    agent: str = ""
    method: str = "click"


@dataclass(frozen=True)
class Choice:
    """What a buyer decides beside the offer itself. Minor units in the offer's currency.

    `amount_minor` is for pay-what-you-want alone. `seen_total_minor` is the total that was on the screen; another one
    now is a difference, and where it follows from the licensee or a coupon it must be named. `text_sha256` is the
    license text that was read, `language` its language (BCP 47) where the client says it, `coupon` a code. Empty: the
    organization's own kind, the text that the offer names, no coupon. An organization may pay `by_invoice`, which can
    name its purchase order; or the budget of `sponsorship_id` pays.
    """

    amount_minor: int | None = None
    seen_total_minor: int | None = None
    licensee_type: str = ""
    licensee_country: str = ""
    licensee_evidence: str = ""
    text_sha256: str = ""
    language: str = ""
    by_invoice: bool = False
    po_number: str = ""
    coupon: str = ""
    sponsorship_id: UUID | None = None


@transaction.atomic
def place_order(
    *,
    actor: User,
    offer_id: UUID,
    offer_sha256: str,
    licensee_id: UUID,
    client_ref: str,
    accepted: bool,
    evidence: Evidence | None = None,
    choice: Choice = Choice(),
) -> Order:
    """Buy the newest version under an offer for an organization; a free one is granted at once.

    `offer_sha256` is the offer that the buyer saw. The same `client_ref` again gives the same order. What is exclusive
    is reserved here, before any payment. Raises StaleOfferError, TotalUnseenError, TextChangedError, NotAcceptedError,
    SelfPurchaseError, HasLicenseError, ClientRefReusedError, EvidenceMissingError, InvoiceForPersonError,
    InvoiceNotPossibleError, InvoiceCountryError, what `usable_coupon` and `pay_from_budget` raise, and licensing's
    errors where the offer cannot be sold to this licensee.
    """
    offer = offer_to_buy(actor, offer_id)
    licensee = organization_for(actor, licensee_id)
    check_can_order(actor, offer, licensee)
    if earlier := _earlier(actor, client_ref):
        return _same(earlier, offer, licensee)
    text = _accepted_text(offer, offer_sha256, choice, accepted=accepted)
    version = version_on_sale(offer)
    said = _declared(offer, licensee, choice)
    may_wait = can_be_authorized(offer) and not choice.by_invoice
    check_offer_sellable(offer, version, licensee, said, may_wait=may_wait)
    _check_evidence(offer, licensee, said, choice)
    coupon = usable_coupon(offer, choice.coupon, [licensee])
    made = quote_for(offer, said, choice.amount_minor, coupon)
    _check_seen(offer, made, choice)
    if choice.by_invoice:
        check_invoice_possible(offer, licensee, said, made)
    lock_for_sale(offer.dataset_id)
    order = _snapshot(actor, offer, version, licensee, client_ref, evidence or Evidence())
    order.coupon = coupon
    _choose(order, made, said, choice, text)
    # Inserted before the next question: whoever asks for the same at the same moment waits here, and gets this order.
    if insert_or_none(order) is None:
        return _same(Order.objects.get(buyer=actor, client_ref=client_ref), offer, licensee)
    if current_grant(offer.dataset, licensee, offer) is not None:
        raise HasLicenseError(organization=licensee.name)
    take_coupon(order)
    reserve_scope(offer=offer, order_id=order.pk, licensee=licensee, held_until=order.expires_at)
    placed = _settle_at_once(order, choice)
    # Last, as everywhere: the trail's end is locked by it, and whoever takes other locks after that can deadlock.
    audit.record(actor=actor, action="payments.order_placed", obj=order, offer_sha256=order.offer_sha256)
    return placed


def _settle_at_once(order: Order, choice: Choice) -> Order:
    """What costs nothing, and what a sponsor pays; everything else waits for its payment."""
    if order.total_minor == 0:
        order.transition_to("free", settled_at=timezone.now())
        grant_license(order)
    elif choice.sponsorship_id is not None:
        return pay_from_budget(order=order, sponsorship_id=choice.sponsorship_id)
    elif choice.by_invoice:
        reserve_invoice(order, choice.po_number)
    elif order.offer.plan["model"] == "subscription":
        open_subscription(order)
    return order


@transaction.atomic
def cancel_order(*, actor: User, order_id: UUID) -> Order:
    """The buyer thinks better of it, before paying."""
    order = order_for(actor, order_id)
    check_can_pay(actor, order)
    order.transition_to("cancelled")
    let_go([order.pk])
    _end_payments([order.pk])
    audit.record(actor=actor, action="payments.order_cancelled", obj=order)
    return order


@transaction.atomic
def expire_orders() -> int:
    """End what was not paid in time, and give back what it reserved. Returns how many."""
    late = Order.objects.filter(state="awaiting_payment", expires_at__lte=timezone.now())
    ended = [pk for pk in late.values_list("pk", flat=True) if late.filter(pk=pk).update(state="expired")]
    let_go(ended)
    _end_payments(ended)
    return len(ended)


def _end_payments(orders: list[UUID]) -> None:
    """Nobody should be able to pay for them any more; who does in the meantime gets the money back."""
    for attempt in PaymentAttempt.objects.filter(order__in=orders, state__in=ATTEMPTED):
        enqueue("payments.end_attempt", key=f"end-attempt:{attempt.pk}", attempt_id=attempt.pk)
    for invoice in Invoice.objects.filter(order__in=orders, state__in=["reserved", "open"]):
        enqueue("payments.end_invoice", key=f"end-invoice:{invoice.pk}", invoice_id=invoice.pk)


def _declared(offer: Offer, licensee: Organization, choice: Choice) -> Licensee:
    """What the buyer says of the licensee. Only a person's own organization is a person, where it matters or is said.

    Raises LicenseeDeclaredError and LicenseeNotPersonError.
    """
    said = Licensee(choice.licensee_type or licensee.kind, choice.licensee_country)
    if said.kind not in LICENSEE_TYPES or (said.country and said.country not in COUNTRIES):
        raise LicenseeDeclaredError(fields={"licensee_type": [LicenseeDeclaredError.text]})
    matters = bool(choice.licensee_type) or depends_on_kind(offer.plan, offer.terms_view)
    if said.kind == "individual" and matters and not licensee.is_personal:
        text = LicenseeNotPersonError.text.format(organization=licensee.name)
        raise LicenseeNotPersonError(organization=licensee.name, fields={"licensee_type": [text]})
    return said


def _check_evidence(offer: Offer, licensee: Organization, said: Licensee, choice: Choice) -> None:
    """Raises EvidenceMissingError."""
    asked = asks_for_evidence(offer.plan, offer.terms_view, said, licensee.kind)
    if asked and not choice.licensee_evidence.strip():
        raise EvidenceMissingError(fields={"licensee_evidence": [EvidenceMissingError.text]})


def _check_seen(offer: Offer, made: Quote, choice: Choice) -> None:
    """Nobody buys at another price than the one they saw, nor at one that they could not see before they asked."""
    seen_minor = choice.seen_total_minor
    if seen_minor is None and (offer.plan["model"] == "tiered" or choice.coupon):
        total = str(Money(made.total_minor, made.currency))
        raise TotalUnseenError(total=total, total_minor=made.total_minor, currency=made.currency)
    if difference := price_difference(made, seen_minor):
        raise StaleOfferError(difference=difference, **present_hashes(offer))


def _accepted_text(offer: Offer, offer_sha256: str, choice: Choice, *, accepted: bool) -> LicenseVersion:
    """Of the offer that was seen. Raises NotAcceptedError, StaleOfferError, TextChangedError."""
    if not accepted:
        raise NotAcceptedError(fields={"accepted": [NotAcceptedError.text]})
    if difference := offer_difference(offer, offer_sha256):
        raise StaleOfferError(difference=difference, **present_hashes(offer))
    found = text_accepted(offer, choice.text_sha256)
    if found is None or choice.language not in {"", found.language}:
        raise TextChangedError(**present_hashes(offer))
    return found


def _earlier(actor: User, client_ref: str) -> Order | None:
    return Order.objects.filter(buyer=actor, client_ref=client_ref).first()


def _same(order: Order, offer: Offer, licensee: Organization) -> Order:
    if (order.offer_id, order.licensee_id) != (offer.pk, licensee.pk):
        raise ClientRefReusedError
    return order


def _snapshot(
    actor: User, offer: Offer, version: DatasetVersion, licensee: Organization, client_ref: str, evidence: Evidence
) -> Order:
    now = timezone.now()
    return Order(
        buyer=actor,
        licensee=licensee,
        seller=offer.dataset.organization,
        client_ref=client_ref,
        offer=offer,
        offer_sha256=offer.offer_sha256,
        version=version,
        split_sha256=version.split_sha256,
        dataset_title=offer.dataset.title,
        license_name=offer.license_version.template.name,
        licensee_name=licensee.name,
        seller_name=offer.dataset.organization.name,
        accepted_at=now,
        accepted_ip=evidence.ip,
        accepted_agent=evidence.agent[:300],
        accepted_method=evidence.method,
        expires_at=now + (PAY_EXCLUSIVE_WITHIN if offer.terms_view.exclusive else PAY_WITHIN),
    )


def _choose(order: Order, made: Quote, said: Licensee, choice: Choice, text: LicenseVersion) -> None:
    """Write down the price, what was said of the licensee, and the text that was read."""
    prices: dict[str, Any] = {
        "currency": made.currency,
        "fee_mode": order.offer.fee_mode,
        "fee_bps": order.offer.fee_bps,
        "price_minor": made.price_minor,
        "fee_minor": made.fee_minor,
        "tax_minor": made.tax_minor,
        "pool_minor": made.pool_minor,
        "total_minor": made.total_minor,
        "discount_minor": made.discount_minor if order.coupon else None,
        "accepted_text_sha256": text.text_sha256,
        "licensee_type": said.kind,
        "licensee_country": said.country,
        "licensee_evidence": choice.licensee_evidence.strip(),
        "licensee_salt": secrets.token_hex(16) if choice.licensee_evidence.strip() else "",
    }
    for name, value in prices.items():
        setattr(order, name, value)
    if choice.by_invoice:
        order.expires_at = order.accepted_at + timedelta(days=settings.INVOICE_DAYS) + INVOICE_GRACE
