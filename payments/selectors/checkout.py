"""What the checkout shows, and how an offer differs from the one that somebody saw."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from django.db.models import Q

from collective.accounts.selectors import Person, administered_by, organizations_of
from collective.catalog.models import DatasetVersion
from collective.catalog.selectors import datasets_visible_to, latest_version
from collective.core.domain.money import Money
from licensing.domain.library import TEXTS
from licensing.domain.plans import Licensee, amount_due
from licensing.errors import OfferNotFoundError, OfferRetiredError, VersionNotOfferedError
from licensing.models import Offer
from licensing.selectors import live_offers, texts_of
from payments.domain.fees import FeeSchedule, Quote, quote
from payments.models import Coupon

# What a buyer decides by, under the names that people know.
COMPARED = ("price", "fee", "license", "license text", "duration in days", "versions", "attribution")


def offer_to_buy(user: Person, offer_id: UUID) -> Offer:
    """Of a dataset that this person sees, live or ended: an ended one is needed to say what has changed since.

    Raises OfferNotFoundError.
    """
    offers = Offer.objects.select_related("license_version__template", "dataset__organization")
    for_them = Q(audience=None)
    if user.is_authenticated:
        for_them |= Q(audience__in=organizations_of(user).order_by())
        for_them |= Q(dataset__organization__in=administered_by(user).order_by())
    found = offers.filter(for_them, pk=offer_id, dataset__in=datasets_visible_to(user)).first()
    if found is None:
        raise OfferNotFoundError
    return found


def offer_difference(offer: Offer, seen_sha256: str) -> list[dict[str, Any]]:
    """What is different between the offer that was seen and the one that holds now; empty when it still holds.

    An ended offer is compared with the live one of the same license, or failing that of the same dataset. Raises
    OfferRetiredError when nothing is on offer any more.
    """
    if offer.state == "live" and offer.offer_sha256 == seen_sha256:
        return []
    seen = Offer.objects.filter(dataset=offer.dataset, offer_sha256=seen_sha256).first()
    current = offer if offer.state == "live" else successor_of(offer)
    if current is None:
        raise OfferRetiredError
    before = facts_of(seen) if seen else dict.fromkeys(COMPARED)
    now = facts_of(current)
    different = [
        {"field": name, "seen": before[name], "now": now[name]} for name in COMPARED if before[name] != now[name]
    ]
    return different or [{"field": "offer", "seen": seen_sha256, "now": current.offer_sha256}]


def present_hashes(offer: Offer) -> dict[str, Any]:
    """What holds now, by hash, for a program whose own hashes are old."""
    current = offer if offer.state == "live" else successor_of(offer) or offer
    texts = [{"language": each.language, "text_sha256": each.text_sha256} for each in texts_of(current)]
    return {"offer_id": str(current.pk), "offer_sha256": current.offer_sha256, "texts": texts}


def successor_of(offer: Offer) -> Offer | None:
    live = live_offers(offer.dataset)
    return live.filter(license_version__template=offer.license_version.template).first() or live.first()


def facts_of(offer: Offer) -> dict[str, str]:
    made = quote_of(offer)
    return {
        "price": price_text(offer),
        "fee": str(Money(made.fee_minor, made.currency)),
        "license": f"{offer.license_version.template.name} {offer.license_version.version}",
        "license text": offer.license_version.text_sha256,
        "duration in days": str(offer.duration_days or "without an end"),
        "versions": f"from {offer.from_version}",
        "attribution": offer.attribution,
    }


def acceptance_wording() -> str:
    """The words that a buyer agrees to; their hash is in the agreement."""
    return " ".join((TEXTS / "authority-1.en.txt").read_text(encoding="utf-8").split())


def quote_of(offer: Offer) -> Quote:
    """For the cheapest buyer; `quote_for` knows the one who asks."""
    return quote(offer.price_minor, offer.currency, schedule_of(offer))


def quote_for(offer: Offer, licensee: Licensee, amount_minor: int | None = None, coupon: Coupon | None = None) -> Quote:
    """What this licensee pays. `amount_minor` is theirs to choose under pay-what-you-want, and None elsewhere.

    A coupon makes the price smaller, and with it the fee and what is shared. Raises what `amount_due` raises.
    """
    due = amount_due(offer.plan, licensee, amount_minor)
    off = coupon.discount_on(due, offer.currency) if coupon else 0
    return replace(quote(due - off, offer.currency, schedule_of(offer)), discount_minor=off)


def schedule_of(offer: Offer) -> FeeSchedule:
    return FeeSchedule("included" if offer.fee_mode == "included" else "added", offer.fee_bps)


def price_difference(made: Quote, seen_total_minor: int | None) -> list[dict[str, Any]]:
    """What is different between the total that was on the screen and the one of this order."""
    if seen_total_minor is None or seen_total_minor == made.total_minor:
        return []
    seen = Money(seen_total_minor, made.currency)
    return [{"field": "price", "seen": str(seen), "now": str(Money(made.total_minor, made.currency))}]


def price_text(offer: Offer) -> str:
    if offer.plan["model"] in ("free", "one_off"):
        return str(offer.price)
    return " ".join(offer.plain_words.price)


def version_on_sale(offer: Offer) -> DatasetVersion:
    """The newest servable version. Raises VersionNotOfferedError when there is none."""
    version = latest_version(offer.dataset)
    if version is None:
        raise VersionNotOfferedError(number=offer.from_version)
    return version
