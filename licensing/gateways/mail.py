"""Mail in plain words, rendered from templates/licensing/email/."""

from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string

from collective.accounts.models import User
from licensing.models import WithdrawalNotice

# To the licensee, but for the last, which is for the stewards of the dataset.
KINDS = ("notified", "reminded", "overdue", "escalated")


def send_withdrawal_mail(notice: WithdrawalNotice, kind: str, recipient: User) -> None:
    """Names the dataset and the license; whose records they were is not known here."""
    context = {
        "notice": notice,
        "dataset": notice.grant.dataset,
        "licensee": notice.grant.licensee,
        "site_name": settings.SITE_NAME,
        "site_url": settings.SITE_URL,
    }
    subject = render_to_string(f"licensing/email/withdrawal_{kind}_subject.txt", context).strip()
    body = render_to_string(f"licensing/email/withdrawal_{kind}_message.txt", context).strip()
    send_mail(" ".join(subject.split()), body, settings.DEFAULT_FROM_EMAIL, [recipient.email])
