"""Reads of licensing. `…_visible_to` decides who sees a row."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone

from collective.accounts.models import Organization, User
from collective.accounts.selectors import Person, administered_by, organizations_of
from collective.catalog.errors import DatasetNotFoundError
from collective.catalog.models import Contribution, Dataset, DatasetVersion, VersionFile
from collective.catalog.selectors import datasets_visible_to
from licensing.domain import ranges
from licensing.domain.blockers import Blocker, ContributionRights, blockers
from licensing.domain.consent import UNKNOWN
from licensing.domain.terms import Terms
from licensing.errors import (
    GrantNotFoundError,
    LicenseNotFoundError,
    OfferNotFoundError,
    QuoteNotFoundError,
)
from licensing.models import (
    AttestationStatement,
    LicenseGrant,
    LicenseVersion,
    Offer,
    ProvenanceSource,
    QuoteRequest,
    Seat,
)
from licensing.selectors.access import allows, approvals_of, needs_approval
from licensing.selectors.consent import consent_state, current_notice, parties_of, rights_of, shown_notice
from licensing.selectors.ownership import is_disputed

__all__ = ["consent_state", "current_notice", "parties_of", "rights_of", "shown_notice"]

EVALUATION_SPLITS = ("test", "validation", "valid", "dev", "eval", "evaluation")

# Licenses


def published_licenses() -> "QuerySet[LicenseVersion]":
    """What a new offer may use, the most open first as they were loaded; each in one language, with its variants."""
    texts = LicenseVersion.objects.filter(state="published", language="en")
    return texts.select_related("template").order_by("id")


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


def rights_in(version: DatasetVersion, *, at: datetime | None = None) -> list[ContributionRights]:
    """Of every contribution that this version holds; `at`: as they were then."""
    return rights_of(Contribution.objects.filter(holdings__version=version).order_by("decided_at", "id"), at=at)


def records_left(contribution: Contribution) -> int:
    """Those that nobody took back."""
    whole = contribution.state == "withdrawn"
    return 0 if whole else contribution.record_count - contribution.withdrawn_records.count()


def assurance_of(version: DatasetVersion) -> str:
    """A to D: the weakest proof of consent of anybody in it."""
    return max((each.assurance for each in rights_in(version)), default=UNKNOWN)


def version_blockers(version: DatasetVersion, terms: Terms, *, at: datetime | None = None) -> list[Blocker]:
    """Which contributions of this version stand in the way of these terms, or stood `at` a time."""
    return blockers(terms, rights_in(version, at=at))


def credits_of(version: DatasetVersion) -> list[dict[str, Any]]:
    """The upstream authors that its contributions name, each source once: authors, license, url."""
    held = Contribution.objects.filter(holdings__version=version).order_by("decided_at", "id")
    newest: dict[UUID, ProvenanceSource] = {}
    for source in ProvenanceSource.objects.filter(contribution__in=held).order_by("declared_at", "id"):
        newest[source.contribution_id] = source
    found = [newest[row.pk] for row in held if row.pk in newest and newest[row.pk].authors]
    named = [{"authors": each.authors, "license": each.license_id, "url": each.url} for each in found]
    return [each for number, each in enumerate(named) if each not in named[:number]]


# Files


def evaluation_files(version: DatasetVersion) -> "QuerySet[VersionFile]":
    """The data files of the splits that models are tested with."""
    return version.files.filter(kind="data", split__in=EVALUATION_SPLITS)


# Offers


def live_offers(dataset: Dataset) -> "QuerySet[Offer]":
    """For everybody: not those that were made for one organization."""
    offers = Offer.objects.filter(dataset=dataset, state="live", audience=None)
    offers = offers.select_related("license_version__template", "dataset")
    return offers.order_by("price_minor", "published_at", "id")


def sellable_offers(version: DatasetVersion, viewer: Person | None = None) -> list[Offer]:
    """Live offers under which this very version may be licensed now, the cheapest first. Needs its dataset.

    Those by request are left out, but for the ones that an organization of `viewer` was allowed. First come those that
    were made for an organization of `viewer`.
    """
    dataset = version.dataset
    if version.state != "published" or dataset.state != "listed" or is_disputed(version):
        return []
    allowed = approvals_of(viewer, dataset) if viewer is not None else []
    own = private_offers(dataset, viewer) if viewer is not None else ()
    rights = rights_in(version)
    return [
        offer
        for offer in (*own, *live_offers(dataset))
        if _reaches(offer, version)
        and offer.names_present_text
        and not blockers(offer.terms_view, rights)
        and (not needs_approval(offer) or any(allows(each, offer) for each in allowed))
    ]


def private_offers(dataset: Dataset, viewer: Person) -> "QuerySet[Offer]":
    """Live ones that were made for an organization of this person."""
    offers = Offer.objects.filter(dataset=dataset, state="live", audience__in=organizations_of(viewer).order_by())
    return offers.select_related("license_version__template", "dataset").order_by("published_at", "id")


def offer_admits(offer: Offer, version: DatasetVersion) -> bool:
    return _reaches(offer, version) and not version_blockers(version, offer.terms_view)


def _reaches(offer: Offer, version: DatasetVersion) -> bool:
    return ranges.covers(ranges.caret_of(offer.from_version), version.number)


def offers_visible_to(user: Person) -> "QuerySet[Offer]":
    """Live ones of visible datasets; ended ones for those who administer the dataset."""
    offers = Offer.objects.select_related("license_version__template", "dataset__organization")
    live = Q(state="live", dataset__in=datasets_visible_to(user))
    if not user.is_authenticated:
        return offers.filter(live, audience=None)
    live &= Q(audience=None) | Q(audience__in=organizations_of(user).order_by())
    return offers.filter(live | Q(dataset__organization__in=administered_by(user).order_by()))


def offer_for(user: Person, offer_id: UUID) -> Offer:
    found = offers_visible_to(user).filter(pk=offer_id).first()
    if found is None:
        raise OfferNotFoundError
    return found


def texts_of(offer: Offer) -> list[LicenseVersion]:
    """In which words the offer can be accepted: the text it names, then its other languages with the same terms."""
    own = offer.license_version
    return [own, *own.variants().exclude(pk=own.pk).select_related("template").order_by("language")]


def text_accepted(offer: Offer, text_sha256: str) -> LicenseVersion | None:
    """The text with this hash, if the offer can be accepted by it; the offer's own for an empty hash."""
    wanted = text_sha256 or offer.license_version.text_sha256
    return next((each for each in texts_of(offer) if each.text_sha256 == wanted), None)


def quotes_visible_to(user: Person) -> "QuerySet[QuoteRequest]":
    """Those of the user's organizations, and those that wait for them as stewards."""
    asked = Q(licensee__in=organizations_of(user).order_by())
    to_answer = Q(offer__dataset__organization__in=administered_by(user).order_by())
    rows = QuoteRequest.objects.filter(asked | to_answer).order_by("-asked_at", "-id")
    return rows.select_related("offer__dataset__organization", "offer__license_version__template", "licensee", "answer")


def quote_for(user: Person, quote_id: UUID) -> QuoteRequest:
    found = quotes_visible_to(user).filter(pk=quote_id).first()
    if found is None:
        raise QuoteNotFoundError
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
    return active_grants(user, at).filter(dataset=dataset)


def active_grants(user: Person, at: datetime | None = None) -> "QuerySet[LicenseGrant]":
    """Of all datasets, those that are active and in time."""
    now = at or timezone.now()
    in_time = Q(starts_at__lte=now) & (Q(ends_at=None) | Q(ends_at__gt=now))
    return grants_visible_to(user).filter(in_time, state="active")


def current_grant(dataset: Dataset, licensee: Organization, offer: Offer) -> LicenseGrant | None:
    """The licensee's grant of the offer's license and scope that is active or suspended and not over."""
    now = timezone.now()
    grants = LicenseGrant.objects.filter(
        dataset=dataset, licensee=licensee, license=offer.license_version.template, scope_sha256=offer.scope_sha256
    )
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
