"""What licensing can do: one function per use case."""

from licensing.services.consent import (
    Answers,
    change_consent,
    withdraw_contribution,
    withdraw_everything,
    withdraw_records,
)
from licensing.services.delivery import Access, Delivery, Manifest, authorize, deliver_file, deliver_manifest
from licensing.services.grants import (
    expire_grants,
    issue_grant,
    reinstate_grant,
    repin_grants,
    revoke_grant,
    suspend_grant,
)
from licensing.services.imports import import_consents
from licensing.services.keys import rotate_signing_key
from licensing.services.library import load_library
from licensing.services.majority import ask_those_of_age
from licensing.services.notices import publish_notice
from licensing.services.offers import check_offer_sellable, publish_offer, retire_offer
from licensing.services.people import claim_of, claim_person, own_person
from licensing.services.rights import declare_rights

__all__ = [
    "Access",
    "Answers",
    "Delivery",
    "Manifest",
    "ask_those_of_age",
    "authorize",
    "change_consent",
    "check_offer_sellable",
    "claim_of",
    "claim_person",
    "declare_rights",
    "deliver_file",
    "deliver_manifest",
    "expire_grants",
    "import_consents",
    "issue_grant",
    "load_library",
    "own_person",
    "publish_notice",
    "publish_offer",
    "reinstate_grant",
    "repin_grants",
    "retire_offer",
    "revoke_grant",
    "rotate_signing_key",
    "suspend_grant",
    "withdraw_contribution",
    "withdraw_everything",
    "withdraw_records",
]
