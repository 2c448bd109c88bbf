"""What a dataset costs, from the offer that somebody who comes by can take."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from collective.catalog.models import Dataset
from collective.interop.mdc.formats import NO_PRICE
from licensing.models import Offer
from payments.selectors.checkout import quote_of


def offers_shown(datasets: Iterable[Dataset]) -> dict[UUID, Offer]:
    """Per dataset id, in one query: a free one first, then the cheapest, then one whose price has to be asked for."""
    live = Offer.objects.filter(dataset__in=list(datasets), state="live", audience=None)
    offers = [each for each in live.select_related("license_version__template") if each.names_present_text]
    offers.sort(key=lambda each: (not each.is_free, not each.is_sold_here, each.price_minor, str(each.pk)))
    return {each.dataset_id: each for each in reversed(offers)}


def pricing_of(offer: Offer | None) -> dict[str, Any]:
    """Amounts in the currency's smallest unit. Without an offer nothing is said: that is not the same as free."""
    if offer is None:
        return NO_PRICE
    if offer.is_free:
        return {**NO_PRICE, "isPaid": False}
    if not offer.is_sold_here:
        return {**NO_PRICE, "isPaid": True}
    price = quote_of(offer)
    return {
        "isPaid": True,
        "basePriceCents": price.total_minor - price.fee_minor,
        "currency": price.currency.lower(),
        "platformFeeRate": _rate(offer.fee_bps),
        "platformFeeCents": price.fee_minor,
        "totalPriceCents": price.total_minor,
    }


def _rate(bps: int) -> str:
    """500 → `0.05`."""
    whole, rest = divmod(bps, 10_000)
    return f"{whole}.{rest:04d}".rstrip("0").rstrip(".")
