"""Mail about licenses. It says what happened and where to read it; what people wrote stays on the page."""

from collections.abc import Mapping
from uuid import UUID

from collective.accounts.models import User
from collective.catalog.models import Dataset
from collective.core import mail
from licensing.domain.ownership import ADVICE, indemnity_of
from licensing.models import AccessRequestEvent, GrantHold, QuoteRequest, WithdrawalNotice


def send_withdrawal_mail(notice: WithdrawalNotice, kind: str, user_id: UUID) -> None:
    """`kind`: notified, reminded, overdue for the licensee, escalated for the stewards. Not whose records they were."""
    about = {"notice": notice, "dataset": notice.grant.dataset, "licensee": notice.grant.licensee}
    _send(f"withdrawal_{kind}", user_id, about)


def send_access_mail(event: AccessRequestEvent, user_id: UUID) -> None:
    request = event.request
    about = {"kind": event.kind, "request": request, "dataset": request.dataset, "licensee": request.licensee}
    _send("access", user_id, about)


def send_quote_mail(asked: QuoteRequest, kind: str, user_id: UUID) -> None:
    """`kind`: open for the stewards, answered or declined for the one who asked."""
    about = {"kind": kind, "asked": asked, "dataset": asked.offer.dataset, "licensee": asked.licensee}
    _send("quote", user_id, about)


def send_people_mail(kind: str, user_id: UUID, about: Mapping[str, object]) -> None:
    """To somebody in the data; `kind`: gone, of_age_asked or of_age_over. It names nobody else who is in it."""
    _send(f"people_{kind}", user_id, about)


def send_hold_mail(dataset: Dataset, kind: str, user_id: UUID) -> None:
    """`kind`: held or cleared. Why an operator acted is not said."""
    _send("hold", user_id, {"kind": kind, "dataset": dataset})


def send_ownership_mail(hold: GrantHold, kind: str, user_id: UUID) -> None:
    """`kind`: held or lifted. Says what to do and what the license promises; who claims is not said."""
    about = {"kind": kind, "grant": hold.grant, "advice": ADVICE, "indemnity": indemnity_of(hold.grant.offer.terms)}
    _send("ownership", user_id, about)


def _send(name: str, user_id: UUID, about: Mapping[str, object]) -> None:
    """Nothing is sent to a person whose account is closed."""
    person = User.objects.filter(pk=user_id, is_active=True).first()
    if person is not None:
        mail.send(f"licensing/email/{name}", person.email, about)
