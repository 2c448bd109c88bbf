"""The ODRL policies of offers and concluded licenses."""

from typing import Any

from django.conf import settings

from licensing.domain.odrl import Policy, policy_json
from licensing.models import LicenseGrant, LicenseVersion, Offer


def offer_policy(offer: Offer) -> dict[str, Any]:
    """Needs the offer's dataset and license."""
    amount = offer.plan["amount"] if offer.is_sold_here else None
    policy = _policy(offer, offer.license_version, uid=_address(offer), version=offer.from_version, amount=amount)
    return policy_json(policy, offer.license_version.license_id, offer.terms)


def agreement_policy(grant: LicenseGrant) -> dict[str, Any]:
    """As it holds now: for the pinned version, at the price that was agreed."""
    policy = _policy(
        grant.offer,
        grant.license_version,
        uid=f"{settings.SITE_URL}/agreements/{grant.agreement_id}/",
        version=grant.pinned_version.number,
        amount=grant.agreement.snapshot.get("price", grant.offer.plan)["amount"],
        ends_at=grant.ends_at,
        assignee=f"{settings.SITE_URL}/organizations/{grant.licensee.slug}/",
        derived_from=_address(grant.offer),
    )
    return policy_json(policy, grant.license_version.license_id, grant.offer.terms)


def _policy(offer: Offer, text: LicenseVersion, *, version: str, **facts: Any) -> Policy:
    site, dataset = settings.SITE_URL, offer.dataset
    return Policy(
        instance=site,
        target=f"{site}/datasets/{dataset.repo_id}/versions/{version}/",
        assigner=f"{site}/organizations/{dataset.organization.slug}/",
        license_url=f"{site}/licenses/sha256/{text.text_sha256}/",
        text_sha256=text.text_sha256,
        **facts,
    )


def _address(offer: Offer) -> str:
    return f"{settings.SITE_URL}/api/v1/offers/{offer.pk}"
