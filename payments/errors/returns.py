"""Why money does not go back."""

from collective.core.errors import ConflictError, DeniedError, InvalidError


class RefundDeniedError(DeniedError):
    code = "refund_denied"
    text = "Refunds are given by the operators of this marketplace."


class RefundAmountError(InvalidError):
    code = "refund_amount"
    text = "A refund in {currency} is a multiple of {step}, more than nothing, and at most what is left: {left}."


class ReasonMissingError(InvalidError):
    code = "reason_missing"
    text = "Write the reason. It is kept with the entry."


class NothingToRefundError(ConflictError):
    code = "nothing_to_refund"
    text = "There is nothing to give back: nothing was paid, or it was given back already."


class RemovalPartyError(DeniedError):
    code = "removal_party"
    text = (
        "You, or an organization that you belong to, share in what this version earns, or gave what was withdrawn. "
        "An operator of this marketplace decides about money back. You may still end the license."
    )


class LicenseOverError(ConflictError):
    code = "license_over"
    text = "The license of this order has ended. Money back for removed records is for a license that goes on."


class RefundReusedError(ConflictError):
    code = "refund_reused"
    text = "The reference {reference} belongs to another refund."
