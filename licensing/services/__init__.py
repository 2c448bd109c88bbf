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
from licensing.services.access_files import access_file_content, drop_published, move_access_files, store_access_file
from licensing.services.access_setup import add_access_rule, end_access_rule, publish_questions
from licensing.services.answers import Answers
from licensing.services.certificates import certificate
from licensing.services.compatibility import check_merge, check_training
from licensing.services.consent import change_consent, withdraw_contribution, withdraw_everything
from licensing.services.consent_notices import Wording, publish_dataset_notice, publish_notice
from licensing.services.delivery import Delivery, deliver_file
from licensing.services.entitlements import flag_grants_of_other_kind, members_changed
from licensing.services.entitling import Access, authorize
from licensing.services.evidence_attaching import attach_evidence
from licensing.services.exclusivity import lock_for_sale, release_scope, reserve_scope
from licensing.services.following_up import follow_up_notices
from licensing.services.grants import (
    end_grant,
    expire_grants,
    issue_grant,
    reinstate_grant,
    repin_grants,
    revoke_grant,
    suspend_grant,
)
from licensing.services.guardians import Ward, answerer_for, wards_of
from licensing.services.hold_news import hold_news_due, mail_hold, tell_of_hold
from licensing.services.holds import hold_grant, lift_hold
from licensing.services.imports import import_consents
from licensing.services.keys import condemn_signing_key, rotate_signing_key
from licensing.services.library import load_library
from licensing.services.links import follow_link
from licensing.services.majority import ask_those_of_age
from licensing.services.manifests import Manifest, Renewal, deliver_manifest, renew_address
from licensing.services.notices import acknowledge_notice, attest_deletion, mail_notice, notices_due, tell_licensees
from licensing.services.offers import preview_offer, publish_offer, retire_offer
from licensing.services.ownership import (
    Claimed,
    file_claim,
    lift_replaced,
    mail_ownership,
    reject_claim,
    review_claim,
    take_out_claimed,
    tell_of_ownership,
    uphold_claim,
    withdraw_claim,
)
from licensing.services.people import claim_of, claim_person, own_person
from licensing.services.quotes import answer_quote, ask_for_quote, decline_quote
from licensing.services.reissuing import reissue_grants
from licensing.services.removal import check_removed_enough, end_after_removal
from licensing.services.retention import delete_acceptance_evidence, delete_evidence, sweep_private_files
from licensing.services.rights import declare_rights
from licensing.services.rights_check import check_dataset_rights
from licensing.services.seats import assign_seat, release_seat
from licensing.services.selling import check_offer_sellable, check_version_licensable
from licensing.services.sessions import Caller, forget_sessions, raise_budget, token_of
from licensing.services.telling_people import mail_gone, mail_of_age, people_due, tell_people
from licensing.services.tombstones import tombstone_token
from licensing.services.withdrawing import withdraw_records
from licensing.services.withdrawn_lists import notice_facts, records_to_delete

__all__ = [
    "Access",
    "Answers",
    "Asked",
    "Caller",
    "Claimed",
    "Delivery",
    "Manifest",
    "Renewal",
    "Ward",
    "Wording",
    "access_file_content",
    "acknowledge_notice",
    "add_access_rule",
    "answer_access_request",
    "answer_quote",
    "answerer_for",
    "approve_access",
    "ask_for_information",
    "ask_for_quote",
    "ask_those_of_age",
    "assign_seat",
    "attach_evidence",
    "attest_deletion",
    "authorize",
    "certificate",
    "change_consent",
    "check_dataset_rights",
    "check_merge",
    "check_offer_sellable",
    "check_removed_enough",
    "check_training",
    "check_version_licensable",
    "claim_of",
    "claim_person",
    "condemn_signing_key",
    "declare_rights",
    "decline_access",
    "decline_quote",
    "delete_acceptance_evidence",
    "delete_evidence",
    "deliver_file",
    "deliver_manifest",
    "drop_published",
    "end_access",
    "end_access_rule",
    "end_after_removal",
    "end_grant",
    "expire_access",
    "expire_grants",
    "file_claim",
    "flag_grants_of_other_kind",
    "follow_link",
    "follow_up_notices",
    "forget_sessions",
    "hold_grant",
    "hold_news_due",
    "import_consents",
    "issue_grant",
    "lift_hold",
    "lift_replaced",
    "load_library",
    "lock_for_sale",
    "mail_gone",
    "mail_hold",
    "mail_notice",
    "mail_of_age",
    "mail_ownership",
    "members_changed",
    "move_access_files",
    "notice_facts",
    "notices_due",
    "own_person",
    "people_due",
    "preview_offer",
    "publish_dataset_notice",
    "publish_notice",
    "publish_offer",
    "publish_questions",
    "raise_budget",
    "records_to_delete",
    "reinstate_grant",
    "reissue_grants",
    "reject_claim",
    "release_scope",
    "release_seat",
    "remind_of_access",
    "renew_address",
    "repin_grants",
    "request_access",
    "reserve_scope",
    "retire_offer",
    "review_claim",
    "revoke_grant",
    "rotate_signing_key",
    "store_access_file",
    "suspend_grant",
    "sweep_private_files",
    "take_out_claimed",
    "tell_licensees",
    "tell_of_hold",
    "tell_of_ownership",
    "tell_people",
    "token_of",
    "tombstone_token",
    "uphold_claim",
    "wards_of",
    "withdraw_access_request",
    "withdraw_claim",
    "withdraw_contribution",
    "withdraw_everything",
    "withdraw_records",
]
