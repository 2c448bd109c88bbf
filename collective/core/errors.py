"""The families of domain errors. A use case subclasses one; the HTTP status is chosen once, in `core/api/problem.py`.

Each class carries a stable `code` for machines and a text for people that says what is wrong, where, and what to do.
"""

from typing import Any, ClassVar


class DomainError(Exception):
    """Something a person asked for that cannot be done, said in that person's words."""

    code: ClassVar[str] = "error"
    text: ClassVar[str] = "This cannot be done."

    def __init__(self, text: str = "", *, fields: dict[str, list[str]] | None = None, **detail: Any) -> None:
        """`fields` maps an input's name to what is wrong with it; `detail` is JSON-ready and shown to machines."""
        self.message = text or self.text.format(**detail)
        self.fields = fields or {}
        self.detail = detail
        super().__init__(self.message)


class InvalidError(DomainError):
    """The input itself is wrong."""

    code = "invalid"


class UnauthenticatedError(DomainError):
    """We do not know who is asking."""

    code = "not_authenticated"
    text = "Sign in, or send an API key, and try again."


class DeniedError(DomainError):
    """We know who is asking, and they may not."""

    code = "denied"
    text = "You do not have permission to do this."


class NotFoundError(DomainError):
    """There is no such thing, or this person may not know that there is."""

    code = "not_found"
    text = "There is nothing at this address, or you may not see it."


class ConflictError(DomainError):
    """True a moment ago, or elsewhere; not now."""

    code = "conflict"


class GoneError(DomainError):
    """It was here and has been taken away for good."""

    code = "gone"


class TooLargeError(DomainError):
    """More than a stated limit."""

    code = "too_large"


class LimitedError(DomainError):
    """Too often; later is fine."""

    code = "limited"


class UnavailableError(DomainError):
    """A part of the system is away; trying again later is right."""

    code = "unavailable"
    text = "A part of this service is not available now. Try again in a minute."
