"""Pages by name: `pageToken` seals the last name of the page before, so a new share or dataset shifts nothing."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice

from django.core import signing

from collective.core.api.pagination import InvalidCursorError

Names = tuple[str, ...]


@dataclass(frozen=True)
class Page:
    names: list[Names]
    token: str


def after(token: str, path: str) -> Names:
    """The names to go on behind; none at the start. A token is good for its own list. Raises InvalidCursorError."""
    if not token:
        return ()
    try:
        return tuple(signing.loads(token, salt=_salt(path)))
    except signing.BadSignature:
        raise InvalidCursorError from None


def page(found: Iterable[Names], *, start: Names, size: int, path: str) -> Page:
    """The next `size` of what is found, in order, behind `start`; the token is empty when nothing follows."""
    names = list(islice((each for each in found if each > start), size + 1))
    shown = names[:size]
    last = shown[-1] if shown else start
    return Page(shown, signing.dumps(last, salt=_salt(path)) if len(names) > size else "")


def _salt(path: str) -> str:
    return f"collective.interop.delta:{path}"
