"""Putting a dataset on offer, and asking again before each sale whether it may still be sold."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from collective.accounts.models import Organization, User
from collective.catalog import services as catalog
from collective.catalog.errors import DatasetNotFoundError
from collective.catalog.models import Dataset, DatasetVersion
from collective.catalog.policies import check_can_steward
from collective.catalog.selectors import datasets_visible_to, latest_version
from collective.core import audit
from collective.core.db.conflicts import insert_or_none
from collective.core.domain.money import Money, currency_of
from collective.core.errors import InvalidError
from collective.core.ids import new_id
from licensing.domain import ranges
from licensing.domain.hashing import canonical_sha256
from licensing.domain.plain import LICENSEE_TYPES
from licensing.domain.terms import resolve_terms
from licensing.errors import (
    ByRequestError,
    LicenseeKindError,
    LicenseNotFoundError,
    LicenseRetiredError,
    NothingToOfferError,
    OfferBlockedError,
    OfferExistsError,
    OfferHeldBackError,
    OfferRetiredError,
    PriceStepError,
    PriceTooLowError,
    VersionNotOfferedError,
)
from licensing.models import LicenseVersion, Offer
from licensing.policies import check_can_manage_offer
from licensing.selectors import approval_for, needs_approval, offer_for, version_blockers

ATTRIBUTION_MAX = 300


@transaction.atomic
def publish_offer(
    *,
    actor: User,
    dataset_id: UUID,
    license_version_id: UUID,
    price_minor: int,
    currency: str,
    fee_mode: str = "added",
    duration_days: int | None = None,
    attribution: str = "",
) -> Offer:
    """Put the newest version, and those that follow in its major line, on offer; lists the dataset.

    `price_minor` is in minor units, 0 is free. `duration_days` None grants without an end. Raises OfferBlockedError
    that names every contribution whose consent or license does not cover the terms.
    """
    dataset = datasets_visible_to(actor).filter(pk=dataset_id).first()
    if dataset is None:
        raise DatasetNotFoundError
    check_can_steward(actor, dataset)
    license_version = _usable_license(license_version_id)
    _check_price(price_minor, currency)
    if fee_mode not in dict(Offer.FEE_MODES):
        raise InvalidError(fields={"fee_mode": ["The fee is “added” or “included”."]})
    version = latest_version(dataset)
    if version is None:
        raise NothingToOfferError(dataset=dataset.title)
    _check_unblocked(license_version, version)
    offer = _offer(
        dataset,
        license_version,
        version,
        id=new_id(),
        price_minor=price_minor,
        currency=currency,
        fee_mode=fee_mode,
        fee_bps=settings.FEE_BPS,
        duration_days=duration_days or None,
        attribution=attribution.strip() or f"{dataset.organization.name}, {dataset.title}"[:ATTRIBUTION_MAX],
        published_by=actor,
    )
    if insert_or_none(offer) is None:
        raise OfferExistsError(dataset=dataset.title, license=license_version.template.name)
    catalog.list_dataset(actor=actor, dataset_id=dataset.pk)
    audit.record(actor=actor, action="licensing.offer_published", obj=offer, offer_sha256=offer.offer_sha256)
    return offer


@transaction.atomic
def retire_offer(*, actor: User, offer_id: UUID) -> Offer:
    """End an offer. Grants under it stay. Retiring a retired offer changes nothing."""
    offer = offer_for(actor, offer_id)
    check_can_manage_offer(actor, offer)
    if offer.state == "live":
        offer.transition_to("retired", retired_at=timezone.now())
        audit.record(actor=actor, action="licensing.offer_retired", obj=offer)
    return offer


def check_offer_sellable(offer: Offer, version: DatasetVersion, licensee: Organization) -> None:
    """Before every sale, also before payment is taken: the offer is live, and the licensee may have the version."""
    if offer.state != "live":
        raise OfferRetiredError
    check_version_licensable(offer, version, licensee)


def check_version_licensable(offer: Offer, version: DatasetVersion, licensee: Organization) -> None:
    """The license is meant for this licensee, the version is servable and inside the offer, and consent covers it.

    Every contribution is asked as it is today. Raises LicenseeKindError, ByRequestError, VersionNotOfferedError,
    OfferHeldBackError.
    """
    _check_licensee(offer, licensee)
    dataset = version.dataset
    inside = ranges.covers(ranges.caret_of(offer.from_version), version.number)
    if (
        version.dataset_id != offer.dataset_id
        or version.state != "published"
        or dataset.state != "listed"
        or not inside
    ):
        raise VersionNotOfferedError(number=version.number)
    if version_blockers(version, offer.terms_view):
        raise OfferHeldBackError(number=version.number, license=offer.license_version.template.name)


def _check_licensee(offer: Offer, licensee: Organization) -> None:
    dataset, terms = offer.dataset, offer.terms_view
    if needs_approval(offer) and approval_for(offer, licensee) is None:
        raise ByRequestError(
            dataset=dataset.title,
            organization=dataset.organization.name,
            url=f"{settings.SITE_URL}/datasets/{dataset.repo_id}/access/",
        )
    if not terms.admits(licensee.kind):
        raise LicenseeKindError(
            license=offer.license_version.template.name,
            kinds=" and ".join(LICENSEE_TYPES[kind] for kind in terms.licensee_types),
            organization=licensee.name,
            kind=licensee.get_kind_display(),
        )


def _usable_license(license_version_id: UUID) -> LicenseVersion:
    found = (
        LicenseVersion.objects.select_related("template").exclude(state="draft").filter(pk=license_version_id).first()
    )
    if found is None:
        raise LicenseNotFoundError
    if found.state == "retired":
        raise LicenseRetiredError(license=found.template.name)
    return found


def _check_price(price_minor: int, currency: str) -> None:
    rules = currency_of(currency)
    if price_minor != 0 and price_minor < rules.minimum_price:
        raise PriceTooLowError(minimum=str(Money(rules.minimum_price, currency)), fields={"price": ["Too low."]})
    if price_minor % rules.charge_step:
        raise PriceStepError(currency=currency, step=Money(rules.charge_step, currency).decimal())


def _check_unblocked(license_version: LicenseVersion, version: DatasetVersion) -> None:
    found = version_blockers(version, license_version.terms_view)
    if found:
        raise OfferBlockedError(license_name=license_version.template.name, blockers=found)


def _offer(dataset: Dataset, license_version: LicenseVersion, version: DatasetVersion, **values: Any) -> Offer:
    """The row with its resolved terms, its snapshot and the snapshot's hash."""
    now = timezone.now()
    price = Money(values["price_minor"], values["currency"])
    model = "one_off" if price.minor else "free"
    terms = resolve_terms(
        license_version.terms,
        attribution=values["attribution"],
        duration_days=values["duration_days"],
        price={"model": model, "amount": price.decimal(), "currency": price.currency, "approval_required": False},
    )
    terms_sha256 = canonical_sha256(terms)
    snapshot = {
        "v": 1,
        "id": str(values["id"]),
        "dataset": f"{settings.SITE_URL}/datasets/{dataset.repo_id}",
        "versions": {"from": version.number, "range": ranges.caret_of(version.number)},
        "license": {
            "id": license_version.license_id,
            "version": license_version.version,
            "text_sha256": license_version.text_sha256,
            "terms_sha256": terms_sha256,
        },
        "price": {"model": model, "amount": price.decimal(), "currency": price.currency},
        "fee": {"mode": values["fee_mode"], "bps": values["fee_bps"]},
        "duration_days": values["duration_days"],
        "attribution": values["attribution"],
        "published_at": now.isoformat(),
    }
    return Offer(
        dataset=dataset,
        license_version=license_version,
        from_version=version.number,
        terms=terms,
        terms_sha256=terms_sha256,
        snapshot=snapshot,
        offer_sha256=canonical_sha256(snapshot),
        published_at=now,
        **values,
    )
