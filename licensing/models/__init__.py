"""Licensing's rows."""

from licensing.models.access import AccessRecord
from licensing.models.evidence import ConsentImport, Evidence
from licensing.models.exclusivity import ExclusiveClaim
from licensing.models.grant import Agreement, AgreementEvidence, GrantStatusEvent, LicenseGrant
from licensing.models.hold import GrantHold
from licensing.models.key import SigningKey
from licensing.models.license import LicenseTemplate, LicenseVersion
from licensing.models.notice import WithdrawalNotice, WithdrawalNoticeEvent
from licensing.models.offer import Offer
from licensing.models.ownership import OwnershipClaim, OwnershipClaimEvent
from licensing.models.people import Person, PersonIdentity, RecordSubject, SubjectRecord
from licensing.models.quote import QuoteRequest
from licensing.models.request import (
    AccessFile,
    AccessQuestionSet,
    AccessRequest,
    AccessRequestEvent,
    AccessRequestFile,
    AccessRule,
)
from licensing.models.rights import (
    Attestation,
    AttestationStatement,
    ConsentEvent,
    ConsentEventRecord,
    ConsentNotice,
    ProvenanceSource,
)
from licensing.models.seat import Seat
from licensing.models.session import DownloadSession, SessionFile

__all__ = [
    "AccessFile",
    "AccessQuestionSet",
    "AccessRecord",
    "AccessRequest",
    "AccessRequestEvent",
    "AccessRequestFile",
    "AccessRule",
    "Agreement",
    "AgreementEvidence",
    "Attestation",
    "AttestationStatement",
    "ConsentEvent",
    "ConsentEventRecord",
    "ConsentImport",
    "ConsentNotice",
    "DownloadSession",
    "Evidence",
    "ExclusiveClaim",
    "GrantHold",
    "GrantStatusEvent",
    "LicenseGrant",
    "LicenseTemplate",
    "LicenseVersion",
    "Offer",
    "OwnershipClaim",
    "OwnershipClaimEvent",
    "Person",
    "PersonIdentity",
    "ProvenanceSource",
    "QuoteRequest",
    "RecordSubject",
    "Seat",
    "SessionFile",
    "SigningKey",
    "SubjectRecord",
    "WithdrawalNotice",
    "WithdrawalNoticeEvent",
]
