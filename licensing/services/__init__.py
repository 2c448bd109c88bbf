"""What licensing can do: one function per use case."""

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
    "Delivery",
    "Manifest",
    "authorize",
    "check_dataset_rights",
    "check_merge",
    "check_offer_sellable",
    "check_training",
    "declare_rights",
    "deliver_file",
    "deliver_manifest",
    "expire_grants",
    "issue_grant",
    "load_library",
    "publish_offer",
    "reinstate_grant",
    "repin_grants",
    "retire_offer",
    "revoke_grant",
    "rotate_signing_key",
    "suspend_grant",
    "withdraw_contribution",
    "withdraw_records",
]
