"""Licensing's work in the background."""

from uuid import UUID

from collective.core.jobs import every, job
from licensing import services

HOUR = 3600


@job("licensing.expire_grants")
def expire_grants() -> None:
    services.expire_grants()


@job("licensing.tell_licensees")
def tell_licensees(withdrawal_id: str) -> None:
    services.tell_licensees(withdrawal_id=UUID(withdrawal_id))


@job("licensing.mail_notice")
def mail_notice(notice_id: str, kind: str, user_id: str) -> None:
    services.mail_notice(notice_id=UUID(notice_id), kind=kind, user_id=UUID(user_id))


@job("licensing.follow_up_notices")
def follow_up_notices() -> None:
    services.follow_up_notices()


every(HOUR, "licensing.expire_grants")
every(HOUR, "licensing.follow_up_notices")
