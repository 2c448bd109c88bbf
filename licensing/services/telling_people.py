"""Mail to the people in the data, one job per mail. Who took something back is named to nobody."""

from datetime import date
from uuid import UUID

from django.db import transaction

from collective.accounts.models import User
from collective.catalog.models import Withdrawal
from collective.core.jobs import enqueue
from licensing.gateways.mail import send_people_mail
from licensing.models import Person
from licensing.selectors.joint import gone_with_others, people_concerned
from licensing.selectors.of_age import asked_until, first_asked, of_age_recipients


def people_due(*, withdrawal_id: UUID) -> None:
    """Asked for in the transaction that hears of the withdrawal; the work is a job of its own."""
    enqueue("licensing.tell_people", key=f"tell-people:{withdrawal_id}", withdrawal_id=withdrawal_id)


@transaction.atomic
def tell_people(*, withdrawal_id: UUID) -> None:
    """Job: a mail is owed to everybody who loses records that somebody else took back, and to nobody twice."""
    withdrawal = Withdrawal.objects.select_related("contribution").get(pk=withdrawal_id)
    for user_id, persons in people_concerned(withdrawal.contribution).items():
        if gone_with_others(withdrawal, user_id, persons):
            key = f"gone-with-others:{withdrawal_id}:{user_id}"
            enqueue("licensing.mail_gone", key=key, withdrawal_id=withdrawal_id, user_id=user_id)


def mail_gone(*, withdrawal_id: UUID, user_id: UUID) -> None:
    """Job."""
    withdrawal = Withdrawal.objects.select_related("contribution", "dataset").get(pk=withdrawal_id)
    count = gone_with_others(withdrawal, user_id, people_concerned(withdrawal.contribution).get(user_id, set()))
    if count:
        context = {"contribution": withdrawal.contribution, "whole": withdrawal.is_whole, "count": count}
        send_people_mail("gone", user_id, {**context, "dataset": withdrawal.dataset})


def of_age_due(person: Person, kind: str, day: date) -> None:
    """`kind`: asked or over. To the person; who has no account is reached through those who know them. One a day."""
    for user_id in of_age_recipients(person):
        key = f"of-age:{person.pk}:{kind}:{user_id}:{day}"
        enqueue("licensing.mail_of_age", key=key, person_id=person.pk, kind=kind, user_id=user_id)


def mail_of_age(*, person_id: UUID, kind: str, user_id: UUID) -> None:
    """Job. Nobody is asked for what was answered meanwhile."""
    person = Person.objects.get(pk=person_id)
    recipient = User.objects.filter(pk=user_id, is_active=True).first()
    until = asked_until(person)
    if recipient is None or (kind == "asked" and until is None):
        return
    context = {"person": person, "own": person.account_id == user_id, "until": until}
    send_people_mail(f"of_age_{kind}", user_id, {**context, "contribution": first_asked(person, recipient)})
