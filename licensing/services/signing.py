"""Turning a grant row into its signed token."""

import rfc8785
from django.conf import settings
from django.utils import timezone

from licensing.domain import claims
from licensing.domain.claims import AcceptanceRecord, GrantFacts, grant_claims
from licensing.models import Agreement, LicenseGrant
from licensing.services import keys


def signed(grant: LicenseGrant) -> str:
    """The JWS for the row as it is now, under the row's key. The row's relations must be loaded or loadable."""
    payload = grant_claims(_facts(grant), grant.offer.terms_view, grant.offer.terms)
    return keys.sign(grant.signing_key, rfc8785.dumps(payload), typ=claims.TYPE)


def _facts(grant: LicenseGrant) -> GrantFacts:
    site, license_version, agreement = (settings.SITE_URL, grant.license_version, grant.agreement)
    return GrantFacts(
        issuer=site,
        licensee_url=f"{site}/organizations/{grant.licensee.slug}/",
        # As it was when the license was concluded: a new signature does not change what was agreed.
        licensee_type=agreement.snapshot["licensee"]["kind"],
        licensee_evidence_sha256=agreement.snapshot["licensee"].get("evidence_sha256", ""),
        amount=agreement.snapshot.get("price", grant.offer.plan)["amount"],
        grant_urn=grant.urn,
        issued_at=timezone.now(),
        starts_at=grant.starts_at,
        expires_at=grant.ends_at,
        agreement_url=f"{site}/agreements/{agreement.pk}/",
        agreement_sha256=agreement.agreement_sha256,
        dataset_url=f"{site}/datasets/{grant.dataset.repo_id}/",
        from_version=grant.offer.from_version,
        version_range=grant.version_range,
        pinned_version=grant.pinned_version.number,
        manifest_sha256=grant.pinned_version.manifest_sha256,
        license_version=license_version.version,
        license_url=f"{site}/licenses/sha256/{license_version.text_sha256}/",
        text_sha256=license_version.text_sha256,
        terms_sha256=grant.offer.terms_sha256,
        language=license_version.language,
        order_id=str(grant.order_id),
        accepted_by=f"urn:uuid:{agreement.accepted_by_id}",
        acceptance=_acceptance(agreement),
        evidence_sha256=agreement.snapshot["acceptance"]["evidence_sha256"],
        status_list_url=f"{site}/status/{grant.status_list}",
        status_index=grant.status_bit,
    )


def _acceptance(agreement: Agreement) -> AcceptanceRecord:
    said = agreement.snapshot["acceptance"]
    return AcceptanceRecord(
        agreement.offer.offer_sha256, agreement.accepted_at, role=said["role"], method=said["method"]
    )
