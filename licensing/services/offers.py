"""Putting a dataset on offer."""

from collections.abc import Mapping
from typing import Any, TypedDict, Unpack
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
from licensing.domain.parameters import EXCLUSIVE, STEWARDED, Filling, resolve_terms
from licensing.domain.plans import lowest_amount
from licensing.domain.vocabulary import ANYWHERE
from licensing.errors import (
    EvaluationSplitMissingError,
    ExclusiveScopeError,
    LicenseNotFoundError,
    LicenseRetiredError,
    NothingToOfferError,
    OfferBlockedError,
    OfferExistsError,
    PriceStepError,
    PriceTooLowError,
)
from licensing.models import LicenseVersion, Offer
from licensing.policies import check_can_manage_offer
from licensing.selectors import credits_of, evaluation_files, offer_for, version_blockers
from licensing.selectors.access import needs_approval

ATTRIBUTION_MAX = 300
PERIOD_SAYS_IT = "A subscription lasts as long as it is paid: one period and the days of grace. Leave this empty."
PRICE_STANDS_APART = "The price and its currency are fields of the offer, beside the plan."


class Options(TypedDict, total=False):
    """What an offer may say beyond license and price.

    `parameters` is the part of the terms that the steward sets; `plan` is what a price needs beside its amount, as in
    `{"model": "subscription", "period": "month", "grace_days": 7}`; `audience_id` makes it one organization's offer.
    """

    fee_mode: str
    duration_days: int | None
    attribution: str
    parameters: Mapping[str, Any]
    plan: Mapping[str, Any]
    audience_id: UUID | None


@transaction.atomic
def publish_offer(
    *,
    actor: User,
    dataset_id: UUID,
    license_version_id: UUID,
    price_minor: int,
    currency: str,
    **options: Unpack[Options],
) -> Offer:
    """Put the newest version, and those that follow in its major line, on offer; lists the dataset.

    `price_minor` is in minor units; 0 without a plan is free. `duration_days` None grants without an end. Raises
    OfferBlockedError that names every contribution whose consent or license does not cover the terms, TermsInvalidError
    and ParametersError that name the field.
    """
    dataset, version = _dataset_to_offer(actor, dataset_id)
    offer = _draft(dataset, version, license_version_id, Money(price_minor, currency), options)
    offer.published_by = actor
    _check_scope(offer, version)
    found = version_blockers(version, offer.terms_view)
    name = offer.license_version.template.name
    if found:
        raise OfferBlockedError(license_name=name, blockers=found)
    if insert_or_none(offer) is None:
        raise OfferExistsError(dataset=dataset.title, license=name)
    catalog.list_dataset(actor=actor, dataset_id=dataset.pk)
    audit.record(actor=actor, action="licensing.offer_published", obj=offer, offer_sha256=offer.offer_sha256)
    return offer


def preview_offer(
    *,
    actor: User,
    dataset_id: UUID,
    license_version_id: UUID,
    price_minor: int,
    currency: str,
    **options: Unpack[Options],
) -> Offer:
    """The offer as `publish_offer` would make it, unsaved: for reading its words and prices. Checks the terms only."""
    dataset, version = _dataset_to_offer(actor, dataset_id)
    offer = _draft(dataset, version, license_version_id, Money(price_minor, currency), options)
    _check_scope(offer, version)
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


def _dataset_to_offer(actor: User, dataset_id: UUID) -> tuple[Dataset, DatasetVersion]:
    dataset = datasets_visible_to(actor).filter(pk=dataset_id).first()
    if dataset is None:
        raise DatasetNotFoundError
    check_can_steward(actor, dataset)
    version = latest_version(dataset)
    if version is None:
        raise NothingToOfferError(dataset=dataset.title)
    return dataset, version


def _usable_license(license_version_id: UUID) -> LicenseVersion:
    found = (
        LicenseVersion.objects.select_related("template").exclude(state="draft").filter(pk=license_version_id).first()
    )
    if found is None:
        raise LicenseNotFoundError
    if found.state == "retired":
        raise LicenseRetiredError(license=found.template.name)
    return found


def _check_price(price: Money) -> None:
    rules = currency_of(price.currency)
    if price.minor != 0 and price.minor < rules.minimum_price:
        raise PriceTooLowError(minimum=str(Money(rules.minimum_price, price.currency)), fields={"price": ["Too low."]})
    if price.minor % rules.charge_step:
        raise PriceStepError(currency=price.currency, step=Money(rules.charge_step, price.currency).decimal())


def _check_scope(offer: Offer, version: DatasetVersion) -> None:
    terms = offer.terms_view
    if offer.license_version.license_id == EXCLUSIVE:
        ends = offer.period_from(timezone.now())[1]
        if not terms.exclusive or ends is None:
            raise ExclusiveScopeError(fields={"legal.exclusivity": [ExclusiveScopeError.text]})
    if offer.license_version.license_id == STEWARDED:
        _check_stewarded(offer)
    if terms.only_evaluates and not evaluation_files(version).exists():
        raise EvaluationSplitMissingError(number=version.number)


def _check_stewarded(offer: Offer) -> None:
    """Its text says that the community approves each use, for one purpose (sections 1.4 and 2.2)."""
    wrong, purposes = {}, offer.terms_view.purposes
    if offer.audience_id is None and not needs_approval(offer):
        wrong["plan.approval_required"] = ["Under this license you approve each request first."]
    if len(purposes) != 1 or ANYWHERE in purposes:
        wrong["scope.purpose"] = ["This license is for one purpose. Name it."]
    if wrong:
        raise InvalidError(fields=wrong)


def _draft(
    dataset: Dataset, version: DatasetVersion, license_version_id: UUID, price: Money, options: Options
) -> Offer:
    """The unsaved row with its resolved terms, its snapshot and the snapshot's hash."""
    license_version = _usable_license(license_version_id)
    _check_price(price)
    fee_mode = options.get("fee_mode", "added")
    if fee_mode not in dict(Offer.FEE_MODES):
        raise InvalidError(fields={"fee_mode": ["The fee is “added” or “included”."]})
    usual = f"{dataset.organization.name}, {dataset.title}"[:ATTRIBUTION_MAX]
    filling = Filling(
        attribution=options.get("attribution", "").strip() or usual,
        price=_plan(price, options.get("plan") or {}),
        duration_days=options.get("duration_days") or None,
        credits=credits_of(version),
    )
    if filling.duration_days and filling.price["model"] == "subscription":
        raise InvalidError(fields={"duration_days": [PERIOD_SAYS_IT]})
    terms = resolve_terms(license_version.license_id, license_version.terms, options.get("parameters") or {}, filling)
    offer = Offer(
        id=new_id(),
        dataset=dataset,
        license_version=license_version,
        audience=_audience(options.get("audience_id")),
        from_version=version.number,
        price_minor=lowest_amount(terms["price"]),
        currency=price.currency,
        fee_mode=fee_mode,
        fee_bps=settings.FEE_BPS,
        duration_days=filling.duration_days,
        attribution=filling.attribution,
        scope_sha256=canonical_sha256([terms["scope"], terms["legal"]["exclusivity"]]),
        terms=terms,
        terms_sha256=canonical_sha256(terms),
        published_at=timezone.now(),
    )
    offer.snapshot = _snapshot(offer, terms["price"])
    offer.offer_sha256 = canonical_sha256(offer.snapshot)
    return offer


def _audience(organization_id: UUID | None) -> Organization | None:
    if organization_id is None:
        return None
    found = Organization.objects.filter(pk=organization_id).first()
    if found is None:
        raise InvalidError(fields={"audience": ["There is no organization with this id."]})
    return found


def _plan(price: Money, own: Mapping[str, Any]) -> dict[str, Any]:
    """The whole price object: what every plan has, and what this one adds. Raises InvalidError."""
    if not isinstance(own, Mapping):
        raise InvalidError(fields={"plan": ["A plan is an object."]})
    if wrong := {f"plan.{name}": [PRICE_STANDS_APART] for name in ("amount", "currency") if name in own}:
        raise InvalidError(fields=wrong)
    model = own.get("model") or ("one_off" if price.minor else "free")
    usual = {"amount": price.decimal(), "currency": price.currency, "tax_class": "standard", "approval_required": False}
    return {**usual, **own, "model": model}


def _snapshot(offer: Offer, plan: Mapping[str, Any]) -> dict[str, Any]:
    license_version = offer.license_version
    return {
        "v": 1,
        "id": str(offer.pk),
        "dataset": f"{settings.SITE_URL}/datasets/{offer.dataset.repo_id}",
        "versions": {"from": offer.from_version, "range": ranges.caret_of(offer.from_version)},
        "license": {
            "id": license_version.license_id,
            "version": license_version.version,
            "text_sha256": license_version.text_sha256,
            "terms_sha256": offer.terms_sha256,
        },
        "price": {name: plan[name] for name in ("model", "amount", "currency")},
        "fee": {"mode": offer.fee_mode, "bps": offer.fee_bps},
        "duration_days": offer.duration_days,
        "attribution": offer.attribution,
        "audience": str(offer.audience_id) if offer.audience_id else None,
        "published_at": offer.published_at.isoformat(),
    }
