"""Background work of accounts."""

from collective.accounts.gateways import mail
from collective.accounts.models import Invitation
from collective.core.jobs import job


@job("accounts.send_invitation")
def send_invitation(invitation_id: str) -> None:
    """Nothing is sent for an invitation that was answered or taken back meanwhile."""
    waiting = Invitation.objects.select_related("organization", "invited_by").filter(pk=invitation_id).first()
    if waiting is not None:
        mail.send_invitation(waiting)
