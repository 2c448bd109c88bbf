"""How Stripe says no. Its texts are approximate; types, codes and statuses are those of docs.stripe.com/api/errors."""

from typing import Any


class Refusal(Exception):  # noqa: N818 -- an answer of the API, not a failure of the stand-in
    """`stored`: execution had begun, so that the same key gets the same refusal again."""

    def __init__(self, status: int, message: str, *, stored: bool = False, **error: Any) -> None:
        super().__init__(message)
        self.status = status
        self.stored = stored
        self.body = {"error": {"type": "invalid_request_error", "message": message, **error}}


def invalid(message: str, **error: Any) -> Refusal:
    """A parameter that cannot be; nothing was executed."""
    return Refusal(400, message, **error)


def refused(code: str, message: str, *, status: int = 400, **error: Any) -> Refusal:
    """The request was understood and executed, and the answer is no."""
    return Refusal(status, message, stored=True, code=code, **error)


class UnsupportedError(Exception):
    """Stripe would do something with it; the stand-in would only look as if it did."""


def unsupported(names: str) -> UnsupportedError:
    return UnsupportedError(f"the stand-in does nothing with {names}")


def missing(kind: str, named: str) -> Refusal:
    return Refusal(404, f"No such {kind}: '{named}'", stored=True, code="resource_missing", param="id")


def idempotency_error(message: str) -> Refusal:
    return Refusal(400, message, type="idempotency_error")


def connected_balance_short() -> Refusal:
    # docs.stripe.com/connect/separate-charges-and-transfers#reverse-transfers
    return refused("balance_insufficient", "The connected account's available balance is too low for this reversal.")
