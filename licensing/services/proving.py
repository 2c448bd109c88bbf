"""What this instance says to anybody about a grant: online, so that suspension counts too, which no list tells."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils import timezone

from licensing.domain.verification import Evidence, Outcome, verify
from licensing.errors import GrantNotFoundError
from licensing.models import LicenseGrant
from licensing.services import keys


@dataclass(frozen=True)
class Proof:
    """`grant` is known once the signature held and the grant is ours; `is_latest` tells whether it was signed anew."""

    outcome: Outcome
    grant: LicenseGrant | None = None
    is_latest: bool = False


def public_grant(grant_id: UUID) -> LicenseGrant:
    """For everybody who knows its id, as a certificate tells it. Raises GrantNotFoundError."""
    rows = LicenseGrant.objects.select_related("dataset__organization", "licensee", "license_version__template")
    found = rows.select_related("license", "pinned_version", "offer").filter(pk=grant_id).first()
    if found is None:
        raise GrantNotFoundError
    return found


def prove(token: str) -> Proof:
    """A pasted grant, checked against this instance's keys and what has happened to the grant since."""
    text = "".join(token.split())
    outcome = verify(Evidence(text, keys.jwks(), timezone.now(), issuer=settings.SITE_URL))
    grant = _grant_of(outcome.claims)
    if grant is None:
        return Proof(outcome)
    if outcome.ok and grant.state == "revoked":
        outcome = Outcome("revoked", "The signature holds, and the license was revoked since.", outcome.claims)
    elif outcome.ok:
        outcome = Outcome("ok", "The signature holds, and the license was not revoked.", outcome.claims)
    return Proof(outcome, grant, is_latest=grant.jws == text)


def _grant_of(claims: Any) -> LicenseGrant | None:
    try:
        return public_grant(UUID(str(claims.get("jti", "")).removeprefix("urn:uuid:")))
    except (ValueError, GrantNotFoundError):
        return None
