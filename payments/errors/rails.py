"""What a rail says, or does not."""

from collective.core.errors import ConflictError, InvalidError, NotFoundError, TooLargeError, UnavailableError


class PaymentMismatchError(ConflictError):
    code = "payment_mismatch"
    text = "The payment {reference} is not what this order asks for."


class PaymentReturnedError(ConflictError):
    code = "payment_returned"
    text = "The payment {reference} could not be used for this order and goes back to whoever paid it."


class RailUnavailableError(ConflictError):
    code = "rail_unavailable"
    text = "This marketplace does not take simulated payments."


class RailDownError(UnavailableError):
    """Nobody knows whether it happened: ask again with the same key."""

    code = "rail_down"
    text = "The payment service does not answer now. Nothing is lost; we try again by ourselves."


class RailRefusedError(ConflictError):
    """`said` is what the payment service says."""

    code = "rail_refused"
    text = "The payment service refused this: {said}"


class SignatureError(InvalidError):
    code = "bad_signature"
    text = "This message does not carry a valid signature of the payment service."


class PaymentUnknownError(NotFoundError):
    """Until the payment itself is known, what followed it waits."""

    code = "payment_unknown"
    text = "No order is known for the payment {reference}."


class MessageTooLargeError(TooLargeError):
    code = "message_too_large"
    text = "A message of the payment service has at most 256 KiB."
