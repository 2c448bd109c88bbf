"""Why somebody does not get data: the reason that is nearest to what they can do about it."""

from datetime import datetime

from django.conf import settings

from collective.catalog.models import DatasetVersion
from collective.catalog.selectors import replacement_of
from collective.core.errors import DeniedError
from licensing.errors import (
    ActionNotGrantedError,
    LicenseExpiredError,
    LicenseNotStartedError,
    LicenseRequiredError,
    LicenseRevokedError,
    LicenseSuspendedError,
    SubscriptionEndedError,
    TermsRequiredError,
    VersionNotCoveredError,
    VersionWithdrawnError,
)
from licensing.models import LicenseGrant
from licensing.selectors import live_offers


def withdrawn(version: DatasetVersion) -> VersionWithdrawnError:
    newer = replacement_of(version)
    text = f"Version {version.number} holds data that was withdrawn and is not delivered any more."
    advice = f" Use version {newer.number}." if newer else " A version without it is being made."
    return VersionWithdrawnError(text + advice, version=version.number, replaced_by=newer.number if newer else None)


def not_granted(action: str, grant: LicenseGrant | None) -> ActionNotGrantedError:
    granted = grant.offer.terms_view.permitted if grant else ()
    return ActionNotGrantedError(action=action, granted=", ".join(granted))


def refusal(
    version: DatasetVersion, grants: list[LicenseGrant], in_time: list[LicenseGrant], now: datetime
) -> DeniedError:
    """For somebody none of whose `grants` covers the version; `in_time` are those that are active now."""
    url = page_of(version)
    if in_time:
        return VersionNotCoveredError(range=in_time[0].version_range, number=version.number, url=url)
    for grant in grants:
        if grant.state == "suspended" and not grant.is_over(now):
            return LicenseSuspendedError(reason=_last_reason(grant))
    for grant in grants:
        if grant.is_over(now):
            return _over(grant, now, url)
        if grant.state == "active":
            return LicenseNotStartedError(starts=_day(grant.starts_at))
        if grant.state == "revoked":
            return LicenseRevokedError(reason=_last_reason(grant))
    free = any(offer.is_free for offer in live_offers(version.dataset))
    return TermsRequiredError(url=url) if free else LicenseRequiredError(url=url)


def _over(grant: LicenseGrant, now: datetime, url: str) -> LicenseExpiredError:
    ended = _day(grant.ends_at or now)
    if not grant.is_subscription:
        return LicenseExpiredError(ended=ended, url=url)
    due = grant.copies_due
    retention = f"Copies of the data must be deleted by {_day(due)}." if due else "You may keep your copies."
    return SubscriptionEndedError(
        ended=ended, retention=retention, url=url, copies_due=due.isoformat() if due else None
    )


def _last_reason(grant: LicenseGrant) -> str:
    last = grant.status_events.order_by("-at", "-id").first()
    return last.reason if last and last.reason else "ask the publisher of the dataset"


def _day(moment: datetime) -> str:
    return f"{moment.day} {moment:%B %Y}"


def page_of(version: DatasetVersion) -> str:
    return f"{settings.SITE_URL}/datasets/{version.dataset.repo_id}/"
