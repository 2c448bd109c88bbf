"""Licensing's rows."""

from licensing.models.access import AccessRecord
from licensing.models.grant import Agreement, AgreementEvidence, GrantStatusEvent, LicenseGrant
from licensing.models.key import SigningKey
from licensing.models.license import LicenseTemplate, LicenseVersion
from licensing.models.offer import Offer
from licensing.models.rights import (
    Attestation,
    AttestationStatement,
    ConsentEvent,
    ConsentEventRecord,
    ConsentNotice,
    ProvenanceSource,
)
from licensing.models.seat import Seat

__all__ = [
    "AccessRecord",
    "Agreement",
    "AgreementEvidence",
    "Attestation",
    "AttestationStatement",
    "ConsentEvent",
    "ConsentEventRecord",
    "ConsentNotice",
    "GrantStatusEvent",
    "LicenseGrant",
    "LicenseTemplate",
    "LicenseVersion",
    "Offer",
    "ProvenanceSource",
    "Seat",
    "SigningKey",
]
