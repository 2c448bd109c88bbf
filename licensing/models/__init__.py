"""Licensing's rows."""

from licensing.models.access import AccessRecord
from licensing.models.evidence import ConsentImport, Evidence
from licensing.models.grant import Agreement, AgreementEvidence, GrantStatusEvent, LicenseGrant
from licensing.models.key import SigningKey
from licensing.models.license import LicenseTemplate, LicenseVersion
from licensing.models.offer import Offer
from licensing.models.people import Person, PersonIdentity, RecordSubject, SubjectRecord
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
    "ConsentImport",
    "ConsentNotice",
    "Evidence",
    "GrantStatusEvent",
    "LicenseGrant",
    "LicenseTemplate",
    "LicenseVersion",
    "Offer",
    "Person",
    "PersonIdentity",
    "ProvenanceSource",
    "RecordSubject",
    "SigningKey",
    "SubjectRecord",
]
