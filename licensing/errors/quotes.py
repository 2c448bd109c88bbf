"""Prices on request."""

from collective.core.errors import ConflictError, InvalidError, NotFoundError


class QuoteNotFoundError(NotFoundError):
    code = "quote_not_found"
    text = "There is no request with this id, or you may not see it."


class NoQuoteNeededError(ConflictError):
    code = "no_quote_needed"
    text = "This offer has a price. Take it at the checkout."


class QuoteUseError(InvalidError):
    code = "quote_use_missing"
    text = "Say what you want the data for, so that the publisher can name a price."


class QuoteOpenError(ConflictError):
    code = "quote_open"
    text = "{licensee} has asked already. Wait for the answer."


class QuoteReasonError(InvalidError):
    code = "quote_reason_missing"
    text = "Give a reason. Whoever asked reads it."
