"""Mail about a request for access. It says what happened and where to read it; what was written stays on the page."""

from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string

from collective.accounts.models import User
from licensing.models import AccessRequestEvent


def send(event: AccessRequestEvent, user_id: str) -> None:
    """Nothing is sent to a person whose account is closed."""
    person = User.objects.filter(pk=user_id, is_active=True).first()
    if person is None:
        return
    about = {
        "kind": event.kind,
        "request": event.request,
        "dataset": event.request.dataset,
        "licensee": event.request.licensee,
        "site_name": settings.SITE_NAME,
        "site_url": settings.SITE_URL,
    }
    subject = render_to_string("licensing/email/access_subject.txt", about)
    body = render_to_string("licensing/email/access_message.txt", about).strip()
    send_mail(" ".join(subject.split()), body, settings.DEFAULT_FROM_EMAIL, [person.email])
