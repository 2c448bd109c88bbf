"""Licensing's state machines."""

from collective.core.domain.states import state_table

LICENSE_STATES = state_table("license", "draft", draft="published", published="retired", retired="")

OFFER_STATES = state_table("offer", "live", live="retired", retired="")

GRANT_STATES = state_table(
    "grant", "active", active="suspended expired revoked", suspended="active expired revoked", expired="", revoked=""
)

KEY_STATES = state_table("signing key", "active", active="retired compromised", retired="compromised", compromised="")

ACCESS_STATES = state_table(
    "access request",
    "open",
    open="needs_information approved declined withdrawn",
    needs_information="open declined withdrawn",
    approved="expired ended",
    declined="",
    withdrawn="",
    expired="",
    ended="",
)

NOTICE_STATES = state_table(
    "withdrawal notice",
    "notified",
    notified="acknowledged attested overdue",
    acknowledged="attested overdue",
    overdue="attested",
    attested="",
)

QUOTE_STATES = state_table("quote request", "open", open="answered declined", answered="", declined="")

OWNERSHIP_STATES = state_table(
    "ownership claim",
    "filed",
    filed="under_review withdrawn",
    under_review="upheld rejected withdrawn",
    # Also what was upheld may turn out to be wrong.
    upheld="rejected withdrawn",
    rejected="",
    withdrawn="",
)
