"""Mail to people in the data, rendered from templates/licensing/email/. It names nobody else who is in it."""

from collections.abc import Mapping

from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string

from collective.accounts.models import User


def send_people_mail(kind: str, recipient: User, context: Mapping[str, object]) -> None:
    """`kind`: gone, of_age_asked or of_age_over."""
    said = {**context, "site_name": settings.SITE_NAME, "site_url": settings.SITE_URL}
    subject = render_to_string(f"licensing/email/people_{kind}_subject.txt", said)
    body = render_to_string(f"licensing/email/people_{kind}_message.txt", said).strip()
    send_mail(" ".join(subject.split()), body, settings.DEFAULT_FROM_EMAIL, [recipient.email])
