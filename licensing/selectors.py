"""Reads of licensing. `…_visible_to` decides who sees a row."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone

from collective.accounts.models import Organization, User
from collective.accounts.selectors import Person, administered_by, organizations_of
from collective.catalog.errors import DatasetNotFoundError
from collective.catalog.models import Contribution, Dataset, DatasetVersion
from collective.catalog.selectors import datasets_visible_to
from licensing.domain import ranges
from licensing.domain.blockers import Blocker, ContributionRights, blockers
from licensing.domain.consent import ConsentState, fold
from licensing.domain.terms import Terms
from licensing.errors import GrantNotFoundError, LicenseNotFoundError, OfferNotFoundError
from licensing.models import (
    Attestation,
    AttestationStatement,
    ConsentEvent,
    ConsentNotice,
    LicenseGrant,
    LicenseVersion,
    Offer,
    ProvenanceSource,
    Seat,
)

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


def current_notice() -> ConsentNotice:
    return ConsentNotice.objects.filter(language="en").order_by("-version")[0]


def current_statement() -> AttestationStatement:
    return AttestationStatement.objects.filter(language="en").order_by("-version")[0]


def latest_source(contribution: Contribution) -> ProvenanceSource | None:
    return contribution.sources.order_by("-declared_at", "-id").first()


def consent_state(contribution: Contribution) -> ConsentState:
    return fold(contribution.consent_events.order_by("at", "id"))


def rights_of(contributions: Iterable[Contribution]) -> list[ContributionRights]:
    """What is known of each, in their order, with three queries for all."""
    rows = list(contributions)
    ids = [row.pk for row in rows]
    events: dict[UUID, list[ConsentEvent]] = {}
    for event in ConsentEvent.objects.filter(contribution__in=ids).order_by("at", "id"):
        events.setdefault(event.contribution_id, []).append(event)
    attested = set(Attestation.objects.filter(contribution__in=ids).values_list("contribution_id", flat=True))
    return [_rights(row, fold(events.get(row.pk, ())), attested=row.pk in attested) for row in rows]


def _rights(row: Contribution, consent: ConsentState, *, attested: bool) -> ContributionRights:
    return ContributionRights(
        contribution_id=row.pk,
        title=row.title,
        material_license=row.material_license,
        answers=consent.answers,
        commercial=consent.commercial,
        consented=consent.given,
        withdrawn=consent.withdrawn or row.state == "withdrawn",
        attested=attested,
    )


def version_blockers(version: DatasetVersion, terms: Terms) -> list[Blocker]:
    """Which contributions of this version stand in the way of these terms."""
    held = Contribution.objects.filter(holdings__version=version).order_by("decided_at", "id")
    return blockers(terms, rights_of(held))


# Offers


def live_offers(dataset: Dataset) -> "QuerySet[Offer]":
    offers = Offer.objects.filter(dataset=dataset, state="live").select_related("license_version__template", "dataset")
    return offers.order_by("price_minor", "published_at", "id")


def sellable_offers(version: DatasetVersion) -> list[Offer]:
    """Live offers under which this very version may be licensed now, the cheapest first. Needs its dataset."""
    dataset = version.dataset
    if version.state != "published" or dataset.state != "listed" or dataset.visibility == "restricted":
        return []
    return [offer for offer in live_offers(version.dataset) if offer_admits(offer, version)]


def offer_admits(offer: Offer, version: DatasetVersion) -> bool:
    inside = ranges.covers(ranges.caret_of(offer.from_version), version.number)
    return inside and not version_blockers(version, offer.terms_view)


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
    return [
        OfferChoice(each, version_blockers(version, each.terms_view) if version else [], each.pk in taken)
        for each in published_licenses()
    ]


# Seats


def seat_cap(grant: LicenseGrant, kind: str) -> int | None:
    """How many people or service keys may use the grant at a time; None is any number."""
    name = "service_accounts" if kind == Seat.SERVICE else "seats"
    cap: int | None = grant.offer.terms["caps"][name]
    return cap


def seat_held(grant: LicenseGrant, kind: str, user: User, key_id: str = "") -> Seat | None:
    return grant.seats.filter(kind=kind, user=user, key_id=key_id, released_at=None).first()


def seats_of(grant: LicenseGrant) -> "QuerySet[Seat]":
    """Held and released, the newest first. Precondition: the reader may see the grant."""
    return grant.seats.select_related("user", "assigned_by").order_by("-assigned_at", "-id")


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
