"""What licensing can do: one function per use case."""

from licensing.services.certificates import certificate
from licensing.services.delivery import Access, Delivery, Manifest, authorize, deliver_file, deliver_manifest
from licensing.services.entitlements import flag_grants_of_other_kind, members_changed
from licensing.services.grants import (
    expire_grants,
    issue_grant,
    reinstate_grant,
    repin_grants,
    revoke_grant,
    suspend_grant,
)
from licensing.services.keys import condemn_signing_key, rotate_signing_key
from licensing.services.library import load_library
from licensing.services.offers import check_offer_sellable, publish_offer, retire_offer
from licensing.services.reissuing import reissue_grants
from licensing.services.rights import declare_rights, withdraw_contribution
from licensing.services.seats import assign_seat, release_seat

__all__ = [
    "Access",
    "Delivery",
    "Manifest",
    "assign_seat",
    "authorize",
    "certificate",
    "check_offer_sellable",
    "condemn_signing_key",
    "declare_rights",
    "deliver_file",
    "deliver_manifest",
    "expire_grants",
    "flag_grants_of_other_kind",
    "issue_grant",
    "load_library",
    "members_changed",
    "publish_offer",
    "reinstate_grant",
    "reissue_grants",
    "release_seat",
    "repin_grants",
    "retire_offer",
    "revoke_grant",
    "rotate_signing_key",
    "suspend_grant",
    "withdraw_contribution",
]
