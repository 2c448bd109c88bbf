"""Telling licensees that an operator put a dataset on hold, and that it goes on: one mail to each person."""

from uuid import UUID

from collective.accounts.models import Organization
from collective.accounts.selectors import managers_of
from collective.catalog.models import Dataset
from collective.core.jobs import enqueue
from licensing.gateways.mail import send_hold_mail
from licensing.services.holds import CURRENT


def hold_news_due(*, dataset_id: UUID, event_id: UUID, kind: str) -> None:
    """`kind`: held or cleared. `event_id` names this one hold, so that the next one is told of again."""
    key = f"tell-of-hold:{event_id}"
    enqueue("licensing.tell_of_hold", key=key, dataset_id=dataset_id, event_id=event_id, kind=kind)


def tell_of_hold(*, dataset_id: UUID, event_id: UUID, kind: str) -> None:
    """Job: a mail is owed to each owner and admin of whoever has a license, however many licenses that are."""
    licensees = Organization.objects.filter(grants__dataset=dataset_id, grants__state__in=CURRENT).distinct()
    for person in {manager.pk for licensee in licensees for manager in managers_of(licensee)}:
        key = f"hold-mail:{event_id}:{person}"
        enqueue("licensing.mail_hold", key=key, dataset_id=dataset_id, kind=kind, user_id=person)


def mail_hold(*, dataset_id: UUID, kind: str, user_id: UUID) -> None:
    """Job."""
    send_hold_mail(Dataset.objects.select_related("organization").get(pk=dataset_id), kind, user_id)
