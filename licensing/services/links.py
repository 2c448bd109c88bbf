"""A link to the local store is followed: may whoever it was made for still have these bytes?"""

from uuid import UUID

from collective.accounts.models import ApiKey
from collective.catalog.selectors import version_file
from collective.core.pace import seconds_to_wait
from collective.core.storage.errors import LinkRefusedError
from collective.core.storage.following import follows_links
from licensing.errors import LinkKeyEndedError, LinksLimitedError
from licensing.models import AccessRecord
from licensing.services.delivery import Derivative, Span, stream_derivative, stream_file
from licensing.services.entitling import check_file_of, check_whole


@follows_links
def follow_link(ticket: str, sha256: str, span: Span | None) -> None:
    """`ticket` is the record of the link. With a `span` bytes are about to be sent, and that is written down too.

    Raises LinksLimitedError, LinkKeyEndedError, and what `deliver_file` raises.
    """
    made = AccessRecord.objects.select_related("user", "version__dataset__organization")
    record = made.filter(pk=UUID(ticket), sha256=sha256).first()
    if record is None:
        raise LinkRefusedError
    _check_pace(record)
    key = _living_key(record.key_id) if record.key_id else None
    if version_file(record.version, record.path) is None:
        _follow_derivative(record, key, span)
    elif span is None:
        check_file_of(actor=record.user, key=key, version=record.version, path=record.path)
    else:
        stream_file(actor=record.user, key=key, version=record.version, path=record.path, span=span)


def _follow_derivative(record: AccessRecord, key: ApiKey | None, span: Span | None) -> None:
    if span is None:
        check_whole(actor=record.user, key=key, version=record.version)
    else:
        made = Derivative(record.path, record.sha256, record.size)
        stream_derivative(actor=record.user, key=key, version=record.version, derivative=made, span=span)


def _check_pace(record: AccessRecord) -> None:
    """All links of a key together: each use is a decision and a row, as on the routes that count requests."""
    caller = f"key:{record.key_id}" if record.key_id else f"user:{record.user_id}"
    if wait := seconds_to_wait("links", caller):
        raise LinksLimitedError(retry_after=int(wait) + 1)


def _living_key(key_id: str) -> ApiKey:
    key = ApiKey.objects.select_related("owner").filter(pk=key_id).first()
    if key is None or not key.is_live:
        raise LinkKeyEndedError
    return key
