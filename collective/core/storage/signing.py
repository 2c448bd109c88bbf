"""Links to the local store: what they allow is inside the signature, so nothing of it can be changed."""

from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from django.core import signing
from django.utils import timezone

from collective.core.storage.errors import LinkExpiredError, LinkRefusedError


@dataclass(frozen=True)
class PartLink:
    """Allows one PUT of exactly these bytes. `expires` is in seconds since the epoch."""

    key: str
    storage_id: str
    number: int
    size: int
    md5: str
    expires: int


@dataclass(frozen=True)
class ObjectLink:
    """Allows GET and HEAD of one published object, as an attachment named `filename`.

    With a `ticket`, only as long as whoever made it for somebody says so (`following.py`).
    """

    sha256: str
    filename: str
    expires: int
    ticket: str = ""


@dataclass(frozen=True)
class UnhashedLink:
    """Allows one PUT of a part with no more than `size` bytes, whose digest nobody knows."""

    key: str
    storage_id: str
    number: int
    size: int
    expires: int


Link = TypeVar("Link", PartLink, ObjectLink, UnhashedLink)


def expiry(seconds: int) -> datetime:
    """The moment `seconds` from now, without the fraction that a link does not carry."""
    return (timezone.now() + timedelta(seconds=seconds)).astimezone(UTC).replace(microsecond=0)


def seal(link: PartLink | ObjectLink | UnhashedLink) -> str:
    """A URL-safe token: the fields and an HMAC over them under the site's secret and the kind of link."""
    return signing.dumps(list(asdict(link).values()), salt=_salt(type(link)))


def unseal(token: str, kind: type[Link]) -> Link:
    """Raises LinkRefusedError for a foreign or changed token, LinkExpiredError for one that came too late."""
    try:
        values: list[Any] = signing.loads(token, salt=_salt(kind))
    except signing.BadSignature:
        raise LinkRefusedError from None
    link = kind(*values)
    if timezone.now().timestamp() >= link.expires:
        raise LinkExpiredError
    return link


def _salt(kind: type[PartLink] | type[ObjectLink] | type[UnhashedLink]) -> str:
    return f"collective.storage.{kind.__name__}"
