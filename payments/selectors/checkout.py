"""What the checkout shows, and how an offer differs from the one that somebody saw."""

from typing import Any
from uuid import UUID

from collective.accounts.selectors import Person
from collective.catalog.models import DatasetVersion
from collective.catalog.selectors import datasets_visible_to, latest_version
from collective.core.domain.money import Money
from licensing.domain.library import TEXTS
from licensing.errors import OfferNotFoundError, OfferRetiredError, VersionNotOfferedError
from licensing.models import Offer
from licensing.selectors import live_offers, texts_of
from payments.domain.fees import FeeSchedule, Quote, quote

# What a buyer decides by, under the names that people know.
COMPARED = ("price", "fee", "license", "license text", "duration in days", "versions", "attribution")


def offer_to_buy(user: Person, offer_id: UUID) -> Offer:
    """Of a dataset that this person sees, live or ended: an ended one is needed to say what has changed since.

    Raises OfferNotFoundError.
    """
    offers = Offer.objects.select_related("license_version__template", "dataset__organization")
    found = offers.filter(pk=offer_id, dataset__in=datasets_visible_to(user)).first()
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
        "price": str(offer.price),
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
    schedule = FeeSchedule("included" if offer.fee_mode == "included" else "added", offer.fee_bps)
    return quote(offer.price_minor, offer.currency, schedule)


def version_on_sale(offer: Offer) -> DatasetVersion:
    """The newest servable version. Raises VersionNotOfferedError when there is none."""
    version = latest_version(offer.dataset)
    if version is None:
        raise VersionNotOfferedError(number=offer.from_version)
    return version
