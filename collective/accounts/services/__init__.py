"""The use cases of accounts."""

from collective.accounts.services.api_keys import authenticate_api_key, create_api_key, revoke_api_key
from collective.accounts.services.disclosures import disclose_keys
from collective.accounts.services.invitations import (
    accept_invitation,
    decline_invitation,
    invite_member,
    withdraw_invitation,
)
from collective.accounts.services.leaked_keys import revoke_leaked_keys
from collective.accounts.services.members import change_role, remove_member
from collective.accounts.services.organizations import create_organization, edit_organization
from collective.accounts.services.people import create_personal_organization, register_user

__all__ = [
    "accept_invitation",
    "authenticate_api_key",
    "change_role",
    "create_api_key",
    "create_organization",
    "create_personal_organization",
    "decline_invitation",
    "disclose_keys",
    "edit_organization",
    "invite_member",
    "register_user",
    "remove_member",
    "revoke_api_key",
    "revoke_leaked_keys",
    "withdraw_invitation",
]
