"""One way to write to people: plain words, rendered from a pair of templates, NAME_subject.txt and NAME_message.txt."""

from collections.abc import Mapping

from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string


def send(name: str, address: str, about: Mapping[str, object]) -> None:
    """`name` with its folder, as in accounts/email/invitation. The name and address of the site are always known."""
    context = {**about, "site_name": settings.SITE_NAME, "site_url": settings.SITE_URL}
    subject = render_to_string(f"{name}_subject.txt", context)
    body = render_to_string(f"{name}_message.txt", context).strip()
    send_mail(" ".join(subject.split()), body, settings.DEFAULT_FROM_EMAIL, [address])
