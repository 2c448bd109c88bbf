"""What licensing can do: one function per use case."""

from licensing.services.delivery import Access, Delivery, Manifest, authorize, deliver_file, deliver_manifest
from licensing.services.following_up import follow_up_notices
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
from licensing.services.notices import acknowledge_notice, attest_deletion, mail_notice, notices_due, tell_licensees
from licensing.services.offers import check_offer_sellable, publish_offer, retire_offer
from licensing.services.rights import declare_rights, withdraw_contribution
from licensing.services.tombstones import tombstone_token
from licensing.services.withdrawn_lists import notice_facts, records_to_delete

__all__ = [
    "Access",
    "Delivery",
    "Manifest",
    "acknowledge_notice",
    "attest_deletion",
    "authorize",
    "check_offer_sellable",
    "declare_rights",
    "deliver_file",
    "deliver_manifest",
    "expire_grants",
    "follow_up_notices",
    "issue_grant",
    "load_library",
    "mail_notice",
    "notice_facts",
    "notices_due",
    "publish_offer",
    "records_to_delete",
    "reinstate_grant",
    "repin_grants",
    "retire_offer",
    "revoke_grant",
    "rotate_signing_key",
    "suspend_grant",
    "tell_licensees",
    "tombstone_token",
    "withdraw_contribution",
]
