"""Download sessions: one token for all workers of a job, which fetches fresh addresses of one version for a day."""

import hashlib
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone
from django.utils.crypto import salted_hmac

from collective.accounts.models import ApiKey, User
from collective.catalog.models import DatasetVersion
from collective.catalog.policies import can_steward
from collective.core import audit
from collective.core.db.conflicts import insert_or_none
from licensing.errors import (
    ByteBudgetError,
    SessionExpiredError,
    SessionKeyMismatchError,
    SessionNotFoundError,
)
from licensing.models import DownloadSession, SessionFile
from licensing.services.entitling import Access

LIFETIME = timedelta(hours=24)
# A token that is given out lasts at least this long.
LEFT = timedelta(hours=1)
# Sessions are no evidence (AccessRecords are): they go, with the address in them, this long after their end.
KEPT = timedelta(days=30)


@dataclass(frozen=True)
class Caller:
    """Where a request came from, as far as it is known."""

    ip: str = ""
    user_agent: str = ""


def token_of(session: DownloadSession) -> str:
    """Made from the site's secret, so that every worker is told the same one and the database keeps its hash only."""
    mac = salted_hmac("licensing.download_session", str(session.pk), algorithm="sha256").digest()
    return f"dcs_{urlsafe_b64encode(mac).decode().rstrip('=')}"


def open_session(
    *, access: Access, key: ApiKey | None, version: DatasetVersion, action: str, size: int, caller: Caller
) -> DownloadSession:
    """The one that is open for this key, license, version and action, or a new one. `size` in bytes of all its files.

    Workers that start at once try to insert the same row; the constraint lets one, and the others find it.
    """
    bound = {
        "user": access.user,
        "key_id": key.pk if key else "",
        "grant": access.grant,
        "version": version,
        "action": action,
    }
    while True:
        current = DownloadSession.objects.filter(**bound, superseded_at=None).first()
        if current is not None and _lasts(current):
            return current
        if current is not None:
            DownloadSession.objects.filter(pk=current.pk, superseded_at=None).update(superseded_at=timezone.now())
        made = insert_or_none(_new(DownloadSession(**bound), size, caller))
        if made is not None:
            return made


def find_session(*, actor: User, key: ApiKey | None, token: str) -> DownloadSession:
    """Raises SessionNotFoundError, SessionKeyMismatchError, SessionExpiredError. Says nothing of the license."""
    rows = DownloadSession.objects.select_related("version__dataset__organization", "grant")
    session = rows.filter(token_sha256=_hash(token)).first()
    if session is None:
        raise SessionNotFoundError
    if (session.user_id, session.key_id) != (actor.pk, key.pk if key else ""):
        raise SessionKeyMismatchError
    if session.is_over:
        raise SessionExpiredError
    return session


def charge_whole(session: DownloadSession) -> None:
    """All files are about to be given. While the addresses of the last time work, others cost nothing more.

    That is how hundreds of workers can ask in the same minute. Raises ByteBudgetError.
    """
    now = timezone.now()
    due = _within_budget(session, session.size).filter(whole_until__lte=now)
    if due.update(bytes_given=F("bytes_given") + session.size, whole_until=_works_until(now)):
        return
    session.refresh_from_db(fields=["whole_until"])
    if session.whole_until <= now:
        raise _spent(session)


def charge_file(session: DownloadSession, *, sha256: str, size: int) -> None:
    """One file is about to be given, and the same holds. In the caller's transaction. Raises ByteBudgetError."""
    now = timezone.now()
    if session.whole_until > now or not _is_first(session, sha256, now):
        return
    if not _within_budget(session, size).update(bytes_given=F("bytes_given") + size):
        raise _spent(session)


@transaction.atomic
def raise_budget(*, actor: User, session_id: UUID, times: int) -> DownloadSession:
    """For the stewards of the dataset: let a job be given the version `times` times. Never makes it less."""
    session = DownloadSession.objects.select_related("version__dataset__organization").filter(pk=session_id).first()
    if session is None or not can_steward(actor, session.version.dataset):
        raise SessionNotFoundError
    wanted = times * session.size
    if DownloadSession.objects.filter(pk=session.pk, byte_budget__lt=wanted).update(byte_budget=wanted):
        audit.record(actor=actor, action="licensing.byte_budget_raised", obj=session, times=times)
    session.refresh_from_db(fields=["byte_budget", "bytes_given"])
    return session


def forget_sessions() -> int:
    """Job, daily. Returns how many."""
    _, gone = DownloadSession.objects.filter(expires_at__lt=timezone.now() - KEPT).delete()
    return gone.get("licensing.DownloadSession", 0)


def _new(session: DownloadSession, size: int, caller: Caller) -> DownloadSession:
    now = timezone.now()
    session.token_sha256 = _hash(token_of(session))
    session.manifest_sha256 = session.version.manifest_sha256
    session.size, session.byte_budget = size, size * settings.DOWNLOAD_BUDGET_TIMES
    session.opened_at, session.expires_at, session.whole_until = now, now + LIFETIME, now
    session.ip, session.user_agent = caller.ip or None, caller.user_agent[:300]
    return session


def _lasts(session: DownloadSession) -> bool:
    """Long enough to be given out again; and not after the site's secret was changed, for then its token is unknown."""
    return _renewed_at(session) > timezone.now() and session.token_sha256 == _hash(token_of(session))


def _renewed_at(session: DownloadSession) -> datetime:
    return session.expires_at - LEFT


def _is_first(session: DownloadSession, sha256: str, now: datetime) -> bool:
    """Of those who ask for this file while one address of it works. The constraint decides between two."""
    until, given = _works_until(now), SessionFile.objects.filter(session=session, sha256=sha256)
    if given.filter(given_until__lte=now).update(given_until=until):
        return True
    if given.exists():
        return False
    return insert_or_none(SessionFile(session=session, sha256=sha256, given_until=until)) is not None


def _works_until(now: datetime) -> datetime:
    return now + timedelta(seconds=settings.DOWNLOAD_URL_SECONDS)


def _within_budget(session: DownloadSession, size: int) -> "QuerySet[DownloadSession]":
    return DownloadSession.objects.filter(pk=session.pk, bytes_given__lte=F("byte_budget") - size)


def _spent(session: DownloadSession) -> ByteBudgetError:
    """The manifest opens another session, with a budget of its own, when this one is nearly over."""
    wait = max(1, int((_renewed_at(session) - timezone.now()).total_seconds()) + 1)
    times = session.byte_budget // max(1, session.size)
    return ByteBudgetError(times=times, session=str(session.pk), retry_after=wait)


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
