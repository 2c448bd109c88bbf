"""Asking again before each sale whether an offer may still be sold, and to this licensee."""

from django.conf import settings
from django.utils import timezone

from collective.accounts.models import Organization
from collective.catalog.models import DatasetVersion
from licensing.domain import ranges
from licensing.domain.plans import Licensee
from licensing.domain.vocabulary import LICENSEE_TYPES
from licensing.errors import (
    ByRequestError,
    LicenseeCountryError,
    LicenseeKindError,
    LicenseTextRetiredError,
    OfferHeldBackError,
    OfferRetiredError,
    OwnershipDisputedError,
    PrivateOfferError,
    QuoteOnlyError,
    VersionNotOfferedError,
)
from licensing.models import Offer
from licensing.selectors import version_blockers
from licensing.selectors.access import approval_for, is_waiting_for, needs_approval
from licensing.selectors.ownership import is_disputed


def check_offer_sellable(
    offer: Offer,
    version: DatasetVersion,
    licensee: Organization,
    said: Licensee | None = None,
    *,
    may_wait: bool = False,
) -> None:
    """Before every sale, also before payment is taken: the offer is live, and the licensee may have the version.

    `said` is what the buyer declared of the licensee; None: nothing but the kind that the organization has. `may_wait`:
    also while it is not decided yet whether they get access.
    """
    if offer.state != "live":
        raise OfferRetiredError
    if not offer.names_present_text:
        raise LicenseTextRetiredError(license=offer.license_version.template.name)
    if not offer.is_sold_here:
        raise QuoteOnlyError
    starts_at, ends_at = offer.period_from(timezone.now())
    if ends_at is not None and ends_at <= starts_at:
        raise OfferRetiredError
    check_version_licensable(offer, version, licensee, said, may_wait=may_wait)


def check_version_licensable(
    offer: Offer,
    version: DatasetVersion,
    licensee: Organization,
    said: Licensee | None = None,
    *,
    may_wait: bool = False,
) -> None:
    """The license is meant for this licensee, the version is servable and inside the offer, and consent covers it.

    Every contribution is asked as it is today. Raises PrivateOfferError, LicenseeKindError,
    LicenseeCountryError, ByRequestError, VersionNotOfferedError, OfferHeldBackError.
    """
    _check_access(offer, licensee, may_wait=may_wait)
    _check_licensee(offer, licensee, said or Licensee(licensee.kind))
    dataset = version.dataset
    inside = ranges.covers(ranges.caret_of(offer.from_version), version.number)
    if (
        version.dataset_id != offer.dataset_id
        or version.state != "published"
        or dataset.state != "listed"
        or not inside
    ):
        raise VersionNotOfferedError(number=version.number)
    if is_disputed(version):
        raise OwnershipDisputedError
    if version_blockers(version, offer.terms_view):
        raise OfferHeldBackError(number=version.number, license=offer.license_version.template.name)


def _check_access(offer: Offer, licensee: Organization, *, may_wait: bool) -> None:
    dataset = offer.dataset
    if offer.audience_id is not None and offer.audience_id != licensee.pk:
        raise PrivateOfferError
    is_open = not needs_approval(offer) or approval_for(offer, licensee) is not None
    if not is_open and not (may_wait and is_waiting_for(offer, licensee)):
        raise ByRequestError(
            dataset=dataset.title,
            organization=dataset.organization.name,
            url=f"{settings.SITE_URL}/datasets/{dataset.repo_id}/access/",
        )


def _check_licensee(offer: Offer, licensee: Organization, said: Licensee) -> None:
    terms = offer.terms_view
    if not terms.admits(said.kind):
        raise LicenseeKindError(
            license=offer.license_version.template.name,
            kinds=" and ".join(LICENSEE_TYPES[each] for each in terms.licensee_types),
            organization=licensee.name,
            kind=dict(Organization.KINDS).get(said.kind, said.kind),
        )
    if not terms.admits_country(said.country):
        raise LicenseeCountryError(
            license=offer.license_version.template.name,
            countries=", ".join(terms.country_group),
        )
