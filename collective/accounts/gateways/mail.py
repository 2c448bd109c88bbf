"""Mail about accounts."""

from collective.accounts.models import ApiKey, Invitation
from collective.core import mail


def send_invitation(invitation: Invitation) -> None:
    """The same mail whether the address has an account or not."""
    about = {"invitation": invitation, "organization": invitation.organization, "inviter": invitation.invited_by}
    mail.send("accounts/email/invitation", invitation.email, about)


def send_key_revoked(key: ApiKey) -> None:
    """Says nothing of where the key was found: that may be somebody else's."""
    mail.send("accounts/email/key_revoked", key.owner.email, {"key": key})
