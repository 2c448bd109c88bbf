"""Placing an order: a snapshot of what the buyer saw and accepted."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from collective.accounts.models import Organization, User
from collective.accounts.selectors import organization_for
from collective.catalog.models import DatasetVersion
from collective.core import audit
from collective.core.db.conflicts import insert_or_none
from licensing.models import LicenseVersion, Offer
from licensing.selectors import current_grant, text_accepted
from licensing.services import check_offer_sellable
from payments.domain.fees import FeeSchedule, quote
from payments.errors import ClientRefReusedError, HasLicenseError, NotAcceptedError, StaleOfferError, TextChangedError
from payments.models import Order
from payments.policies import check_can_order, check_can_pay
from payments.selectors.checkout import offer_difference, offer_to_buy, present_hashes, version_on_sale
from payments.selectors.orders import order_for
from payments.services.granting import grant_license

PAY_WITHIN = timedelta(hours=24)


@dataclass(frozen=True)
class AcceptedText:
    """The license text that was read, by its hash, and its language (BCP 47) where the client says it."""

    sha256: str
    language: str = ""


@dataclass(frozen=True)
class Evidence:
    """Where an acceptance came from."""

    ip: str | None = None
    agent: str = ""


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
    text: AcceptedText | None = None,
) -> Order:
    """Buy the newest version under an offer for an organization; a free one is granted at once.

    `offer_sha256` is the offer that the buyer saw, `text` the license text (None: the one that the offer names). The
    same `client_ref` again gives the same order. Raises StaleOfferError, TextChangedError, NotAcceptedError,
    SelfPurchaseError, HasLicenseError, ClientRefReusedError, and licensing's errors where the offer cannot be sold any
    more.
    """
    offer = offer_to_buy(actor, offer_id)
    licensee = organization_for(actor, licensee_id)
    check_can_order(actor, offer, licensee)
    if earlier := _earlier(actor, client_ref):
        return _same(earlier, offer, licensee)
    if not accepted:
        raise NotAcceptedError(fields={"accepted": [NotAcceptedError.text]})
    if difference := offer_difference(offer, offer_sha256):
        raise StaleOfferError(difference=difference, **present_hashes(offer))
    accepted_text = _text(offer, text)
    version = version_on_sale(offer)
    check_offer_sellable(offer, version, licensee)
    order = _snapshot(actor, offer, version, licensee, client_ref, evidence or Evidence())
    order.accepted_text_sha256 = accepted_text.text_sha256
    # Inserted before the next question: whoever asks for the same at the same moment waits here, and gets this order.
    if insert_or_none(order) is None:
        return _same(Order.objects.get(buyer=actor, client_ref=client_ref), offer, licensee)
    if current_grant(offer.dataset, licensee, offer) is not None:
        raise HasLicenseError(organization=licensee.name)
    audit.record(actor=actor, action="payments.order_placed", obj=order, offer_sha256=order.offer_sha256)
    if order.total_minor == 0:
        order.transition_to("free", settled_at=timezone.now())
        grant_license(order)
    return order


@transaction.atomic
def cancel_order(*, actor: User, order_id: UUID) -> Order:
    """The buyer thinks better of it, before paying."""
    order = order_for(actor, order_id)
    check_can_pay(actor, order)
    order.transition_to("cancelled")
    audit.record(actor=actor, action="payments.order_cancelled", obj=order)
    return order


def expire_orders() -> int:
    """End what was not paid in time. Returns how many."""
    late = Order.objects.filter(state="awaiting_payment", expires_at__lte=timezone.now())
    return late.update(state="expired")


def _text(offer: Offer, given: AcceptedText | None) -> LicenseVersion:
    """The text that was accepted. Raises TextChangedError with those that can be."""
    found = text_accepted(offer, given.sha256 if given else "")
    if found is None or (given is not None and given.language not in {"", found.language}):
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
        expires_at=now + PAY_WITHIN,
        **_prices(offer),
    )


def _prices(offer: Offer) -> dict[str, Any]:
    schedule = FeeSchedule("included" if offer.fee_mode == "included" else "added", offer.fee_bps)
    made = quote(offer.price_minor, offer.currency, schedule)
    return {
        "currency": made.currency,
        "fee_mode": schedule.mode,
        "fee_bps": schedule.bps,
        "price_minor": made.price_minor,
        "fee_minor": made.fee_minor,
        "tax_minor": made.tax_minor,
        "pool_minor": made.pool_minor,
        "total_minor": made.total_minor,
    }
