"""Mail to licensees whose license is suspended by a claim of ownership, or goes on after one."""

from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string

from collective.accounts.models import User
from licensing.domain.ownership import ADVICE, indemnity_of
from licensing.models import GrantHold


def send_ownership_mail(hold: GrantHold, kind: str, recipient: User) -> None:
    """Says what to do and what the license promises; who claims is not said."""
    grant = hold.grant
    context = {
        "kind": kind,
        "grant": grant,
        "advice": ADVICE,
        "indemnity": indemnity_of(grant.offer.terms),
        "site_name": settings.SITE_NAME,
        "site_url": settings.SITE_URL,
    }
    subject = render_to_string("licensing/email/ownership_subject.txt", context).strip()
    body = render_to_string("licensing/email/ownership_message.txt", context).strip()
    send_mail(" ".join(subject.split()), body, settings.DEFAULT_FROM_EMAIL, [recipient.email])
