"""Mail in plain words, rendered from templates/accounts/email/."""

from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string

from collective.accounts.models import Invitation


def send_invitation(invitation: Invitation) -> None:
    """The same mail whether the address has an account or not."""
    context = {
        "invitation": invitation,
        "organization": invitation.organization,
        "inviter": invitation.invited_by,
        "site_name": settings.SITE_NAME,
        "site_url": settings.SITE_URL,
    }
    subject = render_to_string("accounts/email/invitation_subject.txt", context).strip()
    body = render_to_string("accounts/email/invitation_message.txt", context).strip()
    send_mail(" ".join(subject.split()), body, settings.DEFAULT_FROM_EMAIL, [invitation.email])
