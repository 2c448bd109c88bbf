"""Licensing's work in the background."""

from uuid import UUID

from collective.core.jobs import every, job
from licensing import services
from licensing.gateways.mail import send_access_mail, send_quote_mail
from licensing.models import AccessRequestEvent, QuoteRequest

HOUR = 3600
DAY = 24 * HOUR


@job("licensing.expire_grants")
def expire_grants() -> None:
    services.expire_grants()


@job("licensing.expire_access")
def expire_access() -> None:
    services.expire_access()


@job("licensing.remind_of_access")
def remind_of_access() -> None:
    services.remind_of_access()


@job("licensing.mail_access")
def mail_access(event_id: str, user_id: str) -> None:
    """One mail to one person about one event."""
    about = AccessRequestEvent.objects.select_related("request__dataset__organization", "request__licensee", "actor")
    send_access_mail(about.get(pk=event_id), UUID(user_id))


@job("licensing.mail_quote")
def mail_quote(quote_id: str, kind: str, user_id: str) -> None:
    about = QuoteRequest.objects.select_related("offer__dataset__organization", "licensee")
    send_quote_mail(about.get(pk=quote_id), kind, UUID(user_id))


@job("licensing.tell_licensees")
def tell_licensees(withdrawal_id: str) -> None:
    services.tell_licensees(withdrawal_id=UUID(withdrawal_id))


@job("licensing.mail_notice")
def mail_notice(notice_id: str, kind: str, user_id: str) -> None:
    services.mail_notice(notice_id=UUID(notice_id), kind=kind, user_id=UUID(user_id))


@job("licensing.tell_of_hold")
def tell_of_hold(dataset_id: str, event_id: str, kind: str) -> None:
    services.tell_of_hold(dataset_id=UUID(dataset_id), event_id=UUID(event_id), kind=kind)


@job("licensing.mail_hold")
def mail_hold(dataset_id: str, kind: str, user_id: str) -> None:
    services.mail_hold(dataset_id=UUID(dataset_id), kind=kind, user_id=UUID(user_id))


@job("licensing.lift_replaced")
def lift_replaced(version_id: str) -> None:
    services.lift_replaced(version_id=UUID(version_id))


@job("licensing.tell_of_ownership")
def tell_of_ownership(hold_id: str, kind: str) -> None:
    services.tell_of_ownership(hold_id=UUID(hold_id), kind=kind)


@job("licensing.mail_ownership")
def mail_ownership(hold_id: str, kind: str, user_id: str) -> None:
    services.mail_ownership(hold_id=UUID(hold_id), kind=kind, user_id=UUID(user_id))


@job("licensing.tell_people")
def tell_people(withdrawal_id: str) -> None:
    services.tell_people(withdrawal_id=UUID(withdrawal_id))


@job("licensing.mail_gone")
def mail_gone(withdrawal_id: str, user_id: str) -> None:
    services.mail_gone(withdrawal_id=UUID(withdrawal_id), user_id=UUID(user_id))


@job("licensing.mail_of_age")
def mail_of_age(person_id: str, kind: str, user_id: str) -> None:
    services.mail_of_age(person_id=UUID(person_id), kind=kind, user_id=UUID(user_id))


@job("licensing.follow_up_notices")
def follow_up_notices() -> None:
    services.follow_up_notices()


@job("licensing.ask_those_of_age")
def ask_those_of_age() -> None:
    services.ask_those_of_age()


@job("licensing.reissue_grants", queue="long", max_attempts=10)
def reissue_grants() -> None:
    services.reissue_grants()


@job("licensing.delete_evidence")
def delete_evidence() -> None:
    services.delete_evidence()


@job("licensing.delete_acceptance_evidence")
def delete_acceptance_evidence() -> None:
    services.delete_acceptance_evidence()


@job("licensing.forget_sessions")
def forget_sessions() -> None:
    services.forget_sessions()


@job("licensing.sweep_private_files")
def sweep_private_files() -> None:
    services.move_access_files()
    services.sweep_private_files()


@job("licensing.drop_published")
def drop_published(file_id: str) -> None:
    services.drop_published(file_id=UUID(file_id))


every(HOUR, "licensing.expire_access")
every(24 * HOUR, "licensing.remind_of_access")
every(HOUR, "licensing.expire_grants")
every(HOUR, "licensing.follow_up_notices")
every(DAY, "licensing.ask_those_of_age")
# A sale that had read the old key just before it was condemned is found here.
every(HOUR, "licensing.reissue_grants")
every(DAY, "licensing.delete_evidence")
every(DAY, "licensing.delete_acceptance_evidence")
every(DAY, "licensing.sweep_private_files")
every(DAY, "licensing.forget_sessions")
