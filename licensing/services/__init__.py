"""What licensing can do: one function per use case."""

from licensing.services.access import Asked, answer_access_request, request_access, withdraw_access_request
from licensing.services.access_decisions import (
    approve_access,
    ask_for_information,
    decline_access,
    end_access,
    expire_access,
    remind_of_access,
)
from licensing.services.access_files import store_access_file
from licensing.services.access_setup import add_access_rule, end_access_rule, publish_questions
from licensing.services.compatibility import check_merge, check_training
from licensing.services.delivery import Access, Delivery, Manifest, authorize, deliver_file, deliver_manifest
from licensing.services.grants import (
    expire_grants,
    issue_grant,
    reinstate_grant,
    repin_grants,
    revoke_grant,
    suspend_grant,
)
from licensing.services.keys import rotate_signing_key
from licensing.services.library import load_library
from licensing.services.offers import check_offer_sellable, publish_offer, retire_offer
from licensing.services.rights import declare_rights
from licensing.services.rights_check import check_dataset_rights
from licensing.services.withdrawing import withdraw_contribution, withdraw_records

__all__ = [
    "Access",
    "Asked",
    "Delivery",
    "Manifest",
    "add_access_rule",
    "answer_access_request",
    "approve_access",
    "ask_for_information",
    "authorize",
    "check_dataset_rights",
    "check_merge",
    "check_offer_sellable",
    "check_training",
    "declare_rights",
    "decline_access",
    "deliver_file",
    "deliver_manifest",
    "end_access",
    "end_access_rule",
    "expire_access",
    "expire_grants",
    "issue_grant",
    "load_library",
    "publish_offer",
    "publish_questions",
    "reinstate_grant",
    "remind_of_access",
    "repin_grants",
    "request_access",
    "retire_offer",
    "revoke_grant",
    "rotate_signing_key",
    "store_access_file",
    "suspend_grant",
    "withdraw_access_request",
    "withdraw_contribution",
    "withdraw_records",
]
