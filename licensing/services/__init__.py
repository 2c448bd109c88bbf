"""What licensing can do: one function per use case."""

from licensing.services.delivery import Access, Delivery, Manifest, authorize, deliver_file, deliver_manifest
from licensing.services.exclusivity import lock_for_sale, release_scope, reserve_scope
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
from licensing.services.offers import check_offer_sellable, preview_offer, publish_offer, retire_offer
from licensing.services.quotes import answer_quote, ask_for_quote, decline_quote
from licensing.services.rights import declare_rights, withdraw_contribution

__all__ = [
    "Access",
    "Delivery",
    "Manifest",
    "answer_quote",
    "ask_for_quote",
    "authorize",
    "check_offer_sellable",
    "declare_rights",
    "decline_quote",
    "deliver_file",
    "deliver_manifest",
    "expire_grants",
    "issue_grant",
    "load_library",
    "lock_for_sale",
    "preview_offer",
    "publish_offer",
    "reinstate_grant",
    "release_scope",
    "repin_grants",
    "reserve_scope",
    "retire_offer",
    "revoke_grant",
    "rotate_signing_key",
    "suspend_grant",
    "withdraw_contribution",
]
