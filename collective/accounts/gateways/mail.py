"""Mail in plain words, rendered from templates/accounts/email/."""

from typing import Any

from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string

from collective.accounts.models import ApiKey, Invitation


def send_invitation(invitation: Invitation) -> None:
    """The same mail whether the address has an account or not."""
    about = {"invitation": invitation, "organization": invitation.organization, "inviter": invitation.invited_by}
    _send("invitation", invitation.email, about)


def send_key_revoked(key: ApiKey) -> None:
    """Says nothing of where the key was found: that may be somebody else's."""
    _send("key_revoked", key.owner.email, {"key": key})


def _send(name: str, address: str, about: dict[str, Any]) -> None:
    context = {**about, "site_name": settings.SITE_NAME, "site_url": settings.SITE_URL}
    subject = render_to_string(f"accounts/email/{name}_subject.txt", context).strip()
    body = render_to_string(f"accounts/email/{name}_message.txt", context).strip()
    send_mail(" ".join(subject.split()), body, settings.DEFAULT_FROM_EMAIL, [address])
