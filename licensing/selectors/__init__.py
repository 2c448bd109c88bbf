"""Reads of licensing. `…_visible_to` decides who sees a row."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone

from collective.accounts.models import Organization
from collective.accounts.selectors import Person, administered_by, organizations_of
from collective.catalog.errors import DatasetNotFoundError
from collective.catalog.models import Contribution, Dataset, DatasetVersion
from collective.catalog.selectors import datasets_visible_to
from licensing.domain import ranges
from licensing.domain.blockers import Blocker, ContributionRights, blockers
from licensing.domain.consent import UNKNOWN
from licensing.domain.terms import Terms
from licensing.errors import GrantNotFoundError, LicenseNotFoundError, OfferNotFoundError
from licensing.models import (
    AttestationStatement,
    LicenseGrant,
    LicenseVersion,
    Offer,
    ProvenanceSource,
)
from licensing.selectors.consent import consent_state, current_notice, parties_of, rights_of, shown_notice

__all__ = ["consent_state", "current_notice", "parties_of", "rights_of", "shown_notice"]

# Licenses


def published_licenses() -> "QuerySet[LicenseVersion]":
    """What a new offer may use, the most open first as they were loaded."""
    return LicenseVersion.objects.filter(state="published").select_related("template").order_by("id")


def license_by_hash(text_sha256: str) -> LicenseVersion:
    """Published or retired: a text stays readable for ever. Raises LicenseNotFoundError."""
    texts = LicenseVersion.objects.exclude(state="draft").select_related("template")
    found = texts.filter(text_sha256=text_sha256).first()
    if found is None:
        raise LicenseNotFoundError
    return found


# Rights


def current_statement() -> AttestationStatement:
    return AttestationStatement.objects.filter(language="en").order_by("-version")[0]


def latest_source(contribution: Contribution) -> ProvenanceSource | None:
    return contribution.sources.order_by("-declared_at", "-id").first()


def rights_in(version: DatasetVersion) -> list[ContributionRights]:
    """Of every contribution that this version holds."""
    return rights_of(Contribution.objects.filter(holdings__version=version).order_by("decided_at", "id"))


def assurance_of(version: DatasetVersion) -> str:
    """A to D: the weakest proof of consent of anybody in it."""
    return max((each.assurance for each in rights_in(version)), default=UNKNOWN)


def version_blockers(version: DatasetVersion, terms: Terms) -> list[Blocker]:
    """Which contributions of this version stand in the way of these terms."""
    return blockers(terms, rights_in(version))


# Offers


def live_offers(dataset: Dataset) -> "QuerySet[Offer]":
    offers = Offer.objects.filter(dataset=dataset, state="live").select_related("license_version__template", "dataset")
    return offers.order_by("price_minor", "published_at", "id")


def sellable_offers(version: DatasetVersion) -> list[Offer]:
    """Live offers under which this very version may be licensed now, the cheapest first. Needs its dataset."""
    dataset = version.dataset
    if version.state != "published" or dataset.state != "listed" or dataset.visibility == "restricted":
        return []
    offers, rights = list(live_offers(version.dataset)), rights_in(version)
    return [offer for offer in offers if _reaches(offer, version) and not blockers(offer.terms_view, rights)]


def offer_admits(offer: Offer, version: DatasetVersion) -> bool:
    return _reaches(offer, version) and not version_blockers(version, offer.terms_view)


def _reaches(offer: Offer, version: DatasetVersion) -> bool:
    return ranges.covers(ranges.caret_of(offer.from_version), version.number)


def offers_visible_to(user: Person) -> "QuerySet[Offer]":
    """Live ones of visible datasets; ended ones for those who administer the dataset."""
    offers = Offer.objects.select_related("license_version__template", "dataset__organization")
    live = Q(state="live", dataset__in=datasets_visible_to(user))
    if not user.is_authenticated:
        return offers.filter(live)
    return offers.filter(live | Q(dataset__organization__in=administered_by(user).order_by()))


def offer_for(user: Person, offer_id: UUID) -> Offer:
    found = offers_visible_to(user).filter(pk=offer_id).first()
    if found is None:
        raise OfferNotFoundError
    return found


@dataclass(frozen=True)
class OfferChoice:
    """One license a steward may choose, and what stands in the way of it now."""

    license: LicenseVersion
    blockers: list[Blocker]
    live: bool


def offer_choices(dataset: Dataset, version: DatasetVersion | None) -> list[OfferChoice]:
    taken = set(live_offers(dataset).values_list("license_version_id", flat=True))
    rights = rights_in(version) if version else []
    return [OfferChoice(each, blockers(each.terms_view, rights), each.pk in taken) for each in published_licenses()]


# Grants


def grants_visible_to(user: Person) -> "QuerySet[LicenseGrant]":
    """Those of the organizations that the user belongs to. Nobody else sees a license, operators neither."""
    return (
        LicenseGrant.objects.filter(licensee__in=organizations_of(user).order_by())
        .select_related("dataset__organization", "licensee", "license", "license_version__template", "pinned_version")
        .select_related("offer", "agreement")
        .order_by("-issued_at", "-id")
    )


def grant_for(user: Person, grant_id: UUID) -> LicenseGrant:
    found = grants_visible_to(user).filter(pk=grant_id).first()
    if found is None:
        raise GrantNotFoundError
    return found


def grant_of_agreement(user: Person, agreement_id: UUID) -> LicenseGrant:
    found = grants_visible_to(user).filter(agreement=agreement_id).first()
    if found is None:
        raise GrantNotFoundError
    return found


def grants_for_dataset(user: Person, dataset: Dataset) -> "QuerySet[LicenseGrant]":
    return grants_visible_to(user).filter(dataset=dataset)


def usable_grants(user: Person, dataset: Dataset, at: datetime | None = None) -> "QuerySet[LicenseGrant]":
    """Active and in time; whether they cover a version is asked per version."""
    now = at or timezone.now()
    in_time = Q(starts_at__lte=now) & (Q(ends_at=None) | Q(ends_at__gt=now))
    return grants_for_dataset(user, dataset).filter(in_time, state="active")


def current_grant(dataset: Dataset, licensee: Organization, offer: Offer) -> LicenseGrant | None:
    """The licensee's grant under the offer's license that is active or suspended and not over. For the checkout."""
    now = timezone.now()
    grants = LicenseGrant.objects.filter(dataset=dataset, licensee=licensee, license=offer.license_version.template)
    return grants.filter(Q(ends_at=None) | Q(ends_at__gt=now), state__in=["active", "suspended"]).first()


def grant_of_order(order_id: UUID) -> LicenseGrant | None:
    return LicenseGrant.objects.filter(order_id=order_id).first()


def deliverable_dataset(user: Person, organization_slug: str, slug: str) -> Dataset:
    """A dataset that the user may see, or holds a license for although it was made private since."""
    visible = datasets_visible_to(user).values("pk")
    licensed = grants_visible_to(user).order_by().values("dataset_id")
    found = (
        Dataset.objects.filter(Q(pk__in=visible) | Q(pk__in=licensed), organization__slug=organization_slug, slug=slug)
        .select_related("organization")
        .first()
    )
    if found is None:
        raise DatasetNotFoundError
    return found
