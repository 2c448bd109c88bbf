"""Licensing's rows."""

from licensing.models.access import AccessRecord
from licensing.models.exclusivity import ExclusiveClaim
from licensing.models.grant import Agreement, AgreementEvidence, GrantStatusEvent, LicenseGrant
from licensing.models.key import SigningKey
from licensing.models.license import LicenseTemplate, LicenseVersion
from licensing.models.offer import Offer
from licensing.models.quote import QuoteRequest
from licensing.models.rights import (
    Attestation,
    AttestationStatement,
    ConsentEvent,
    ConsentEventRecord,
    ConsentNotice,
    ProvenanceSource,
)

__all__ = [
    "AccessRecord",
    "Agreement",
    "AgreementEvidence",
    "Attestation",
    "AttestationStatement",
    "ConsentEvent",
    "ConsentEventRecord",
    "ConsentNotice",
    "ExclusiveClaim",
    "GrantStatusEvent",
    "LicenseGrant",
    "LicenseTemplate",
    "LicenseVersion",
    "Offer",
    "ProvenanceSource",
    "QuoteRequest",
    "SigningKey",
]
