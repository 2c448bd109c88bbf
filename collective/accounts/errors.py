"""What can go wrong with people, organizations and keys."""

from collective.core.errors import ConflictError, DeniedError, InvalidError, NotFoundError, UnauthenticatedError


class BadApiKeyError(UnauthenticatedError):
    """One answer for every kind of wrong key, so that an answer tells nothing about keys that exist."""

    code = "bad_api_key"
    text = "This API key is not valid: it may be mistyped, expired or revoked. Make a new one on your keys page."


class KeyInAddressError(InvalidError):
    code = "api_key_in_address"
    text = (
        "An API key does not belong in an address, where logs keep it. Revoke it, and send a new one in the "
        "Authorization header."
    )


class DisclosureRefusedError(UnauthenticatedError):
    code = "disclosure_refused"
    text = "This report is not signed by a scanner that this site knows. Nothing was revoked."


class DisclosureFormError(InvalidError):
    code = "disclosure_form"
    text = "A report is a list of objects, each with a text “token”."


class UnknownScopeError(InvalidError):
    code = "unknown_scope"
    text = "{scope} is not a scope. Choose from: {known}."


class NoScopeError(InvalidError):
    code = "no_scope"
    text = "Choose at least one thing that the key may do."


class KeyLifetimeError(InvalidError):
    code = "key_lifetime"
    text = "A key lives between 1 and {most} days."


class OrganizationNotFoundError(NotFoundError):
    code = "organization_not_found"
    text = "There is no such organization, or you are not a member of it."


class NotAManagerError(DeniedError):
    code = "not_a_manager"
    text = "Only an owner or an admin of this organization can do this. Ask one of them."


class NotAMemberError(DeniedError):
    code = "not_a_member"
    text = "You can do this only for an organization that you belong to."


class OwnersOnlyError(DeniedError):
    code = "owners_only"
    text = "Only an owner can give or take away the role of owner."


class LastOwnerError(ConflictError):
    code = "last_owner"
    text = "This is the last owner. Make another member an owner first."


class PersonalOrganizationError(ConflictError):
    code = "personal_organization"
    text = "A personal organization has one member. Open an organization to work with others."


class SlugTakenError(ConflictError):
    code = "slug_taken"
    text = "The short name {slug} is taken or reserved. Choose another one."


class UnknownRoleError(InvalidError):
    code = "unknown_role"
    text = "{role} is not a role. Choose owner, admin or member."


class EmailTakenError(ConflictError):
    code = "email_taken"
    text = "There is an account with this e-mail address."


class BadEmailError(InvalidError):
    code = "bad_email"
    text = "This is not an e-mail address."


class BadSlugError(InvalidError):
    code = "bad_slug"
    text = (
        "A short name has {shortest} to {longest} small Latin letters, digits and single hyphens. "
        "Some words are reserved for addresses of this site."
    )


class NoNameError(InvalidError):
    code = "no_name"
    text = "Give the organization a name."


class UnknownKindError(InvalidError):
    code = "unknown_kind"
    text = "{kind} is not a kind of organization. Choose from: {known}."


class InvitationNotFoundError(NotFoundError):
    code = "invitation_not_found"
    text = "There is no such invitation for you. It may have been answered or taken back."
