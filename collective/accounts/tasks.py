"""Background work of accounts."""

from collective.accounts.gateways import mail
from collective.accounts.models import ApiKey, Invitation
from collective.core.jobs import job


@job("accounts.send_invitation")
def send_invitation(invitation_id: str) -> None:
    """Nothing is sent for an invitation that was answered or taken back meanwhile."""
    waiting = Invitation.objects.select_related("organization", "invited_by").filter(pk=invitation_id).first()
    if waiting is not None:
        mail.send_invitation(waiting)


@job("accounts.tell_key_revoked")
def tell_key_revoked(key_id: str) -> None:
    """Nobody is told of a key that is gone with its owner's account."""
    key = ApiKey.objects.select_related("owner").filter(pk=key_id).first()
    if key is not None:
        mail.send_key_revoked(key)
