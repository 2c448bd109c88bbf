"""What can go wrong with money, in words."""

from collective.core.errors import (
    ConflictError,
    DeniedError,
    InvalidError,
    NotFoundError,
    TooLargeError,
    UnavailableError,
)


class LedgerConflictError(ConflictError):
    code = "ledger_conflict"
    text = "The journal {key} was posted before with other contents."


class InsufficientFundsError(ConflictError):
    code = "insufficient_funds"
    text = "The account {account} does not hold enough for this."


class OrderNotFoundError(NotFoundError):
    code = "order_not_found"
    text = "There is no order with this number, or you may not see it."


class StatementNotFoundError(NotFoundError):
    code = "statement_not_found"
    text = "There is no statement with this number, or you may not see it."


class NobodySharesError(ConflictError):
    code = "nobody_shares"
    text = "Nobody would share it: no contribution is accepted yet, and the steward has no share."


class SimulatedPriceError(InvalidError):
    code = "simulated_price"
    text = "A price in {currency} is a multiple of {step} of its smallest units."


class StaleOfferError(ConflictError):
    """`difference` lists what the buyer saw and what holds now: field, seen, now; present hashes stand beside it."""

    code = "stale_offer"
    text = (
        "The offer has changed since you opened it. Nothing was bought. Look at what is different, then decide again."
    )


class TotalUnseenError(ConflictError):
    """`total_minor` in `currency` is what this licensee would pay."""

    code = "total_unseen"
    text = "For this licensee it costs {total}. Nothing was bought. If you want it, order again and name this total."


class TextChangedError(ConflictError):
    """`texts` lists what can be accepted: language, text_sha256."""

    code = "text_changed"
    text = "This is not the license text of the offer. Nothing was bought. Read the present text, then decide again."


class NotAcceptedError(InvalidError):
    code = "not_accepted"
    text = "Read the license text and accept it. Without that there is no license."


class SelfPurchaseError(DeniedError):
    code = "self_purchase"
    text = "{organization} publishes this dataset and needs no license for it."


class HasLicenseError(ConflictError):
    code = "already_licensed"
    text = "{organization} already has this license. You find it under Licenses."


class ClientRefReusedError(ConflictError):
    code = "client_ref_reused"
    text = "You used this reference for another order. Choose a new one."


class OrderExpiredError(ConflictError):
    code = "order_expired"
    text = "This order was not paid in time and has ended. Nothing was charged. Place it again."


class VersionGoneError(ConflictError):
    code = "version_gone"
    text = "Version {number} has changed since you placed this order. Nothing was charged. Place the order again."


class PaymentMismatchError(ConflictError):
    code = "payment_mismatch"
    text = "The payment {reference} is not what this order asks for."


class InvoiceForPersonError(InvalidError):
    code = "invoice_for_person"
    text = "{organization} is a person. Invoices are for organizations; pay by card, or order for an organization."


class InvoiceNotPossibleError(InvalidError):
    code = "invoice_not_possible"
    text = "A free license, a subscription and an exclusive license cannot be bought by invoice."


class InvoicedError(ConflictError):
    code = "invoiced"
    text = "This order is paid by its invoice."


class SubscriptionNotFoundError(NotFoundError):
    code = "subscription_not_found"
    text = "There is no such subscription, or you may not see it."


class SubscriptionOverError(ConflictError):
    code = "subscription_over"
    text = "This subscription has ended, so that nothing more is sold for it."


class PeriodOverError(ConflictError):
    code = "period_over"
    text = "This period was over when it was paid, so that nothing was sold for it."


class RailUnavailableError(ConflictError):
    code = "rail_unavailable"
    text = "This marketplace does not take simulated payments."


class NotYourOrderError(DeniedError):
    code = "not_your_order"
    text = "Only the person who placed this order may do this."


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


class FinanceTaskNotFoundError(NotFoundError):
    code = "finance_task_not_found"
    text = "There is no such task, or you may not see it."


class NotFinanceError(DeniedError):
    code = "not_finance"
    text = "This is for the operators of this marketplace."


class PaymentUnknownError(NotFoundError):
    """Until the payment itself is known, what followed it waits."""

    code = "payment_unknown"
    text = "No order is known for the payment {reference}."


class MessageTooLargeError(TooLargeError):
    code = "message_too_large"
    text = "A message of the payment service has at most 256 KiB."


class PayeeUnknownError(NotFoundError):
    code = "payee_not_found"
    text = "There is no such payee, or you may not decide how it is paid."


class CountryError(InvalidError):
    code = "country"
    text = "Write the country as two letters, as in SN or FR."


class DebtError(InvalidError):
    code = "debt_amount"
    text = "Only a debt can be written off, in whole or in part. This one is {owed}."


class WriteOffReusedError(ConflictError):
    code = "write_off_reused"
    text = "The reference {reference} belongs to another write-off."


class CouponNotFoundError(NotFoundError):
    code = "coupon_not_found"
    text = "There is no such coupon, or you may not see it."


class CouponUnknownError(ConflictError):
    code = "coupon_unknown"
    text = "This dataset has no coupon with this code. Look at how it is written, or order without it."


class CouponUnfitError(ConflictError):
    code = "coupon_unfit"
    text = "The coupon {coupon} is not for this offer."


class CouponAudienceError(ConflictError):
    code = "coupon_audience"
    text = "The coupon {coupon} is for another organization."


class CouponEarlyError(ConflictError):
    code = "coupon_early"
    text = "The coupon {coupon} cannot be used yet."


class CouponOverError(ConflictError):
    code = "coupon_over"
    text = "The coupon {coupon} has ended."


class CouponUsedUpError(ConflictError):
    code = "coupon_used_up"
    text = "The coupon {coupon} is used up."


class CouponTermsError(InvalidError):
    code = "coupon_terms"
    text = "Such a coupon cannot be made. See what is wrong with it."


class CouponCodeError(InvalidError):
    code = "coupon_code"
    text = "A code has 3 to 40 of the letters A to Z, digits, and hyphens."


class CouponCodeTakenError(ConflictError):
    code = "coupon_code_taken"
    text = "This dataset has a coupon with this code already."


class ApprovalNotFoundError(NotFoundError):
    code = "approval_not_found"
    text = "Nothing of this name waits for a second person, or you may not see it."


class SecondPersonError(DeniedError):
    code = "second_person"
    text = "You asked for this yourself. Another operator has to decide."


class CorrectionInvalidError(InvalidError):
    code = "correction_invalid"
    text = "A correction names at least two accounts of the chart, each with an amount, and its amounts sum to zero."


class CorrectionPoolError(InvalidError):
    code = "correction_pool"
    text = "What a pool holds follows from its sales and refunds. Correct those instead: {account}."


class CorrectionReusedError(ConflictError):
    code = "correction_reused"
    text = "The key {key} belongs to another correction."


class SponsorshipNotFoundError(NotFoundError):
    code = "sponsorship_not_found"
    text = "There is no such sponsorship, or you may not see it."


class SponsorshipTermsError(InvalidError):
    code = "sponsorship_terms"
    text = "Such a sponsorship cannot be opened. See what is wrong with it."


class SponsorshipOverError(ConflictError):
    code = "sponsorship_over"
    text = "This sponsorship has ended."


class FundingAmountError(InvalidError):
    code = "funding_amount"
    text = "Write an amount of at least {least}, in steps of {step}."


class FundingNotFoundError(NotFoundError):
    code = "funding_not_found"
    text = "There is no such payment into a budget, or you may not see it."


class SponsorApprovalNotFoundError(NotFoundError):
    code = "sponsor_approval_not_found"
    text = "There is no such request, or you may not see it."


class SponsorWordsMissingError(InvalidError):
    code = "sponsor_words_missing"
    text = "Say in a few sentences what you want the data for."


class NotSponsoredError(ConflictError):
    code = "not_sponsored"
    text = "{organization} is not approved for this sponsorship. Ask the sponsor, or pay another way."


class SponsorshipUnfitError(ConflictError):
    code = "sponsorship_unfit"
    text = "This sponsorship is not for this offer."


class SponsorshipLimitError(ConflictError):
    code = "sponsorship_limit"
    text = "This sponsorship pays at most {most} for one license."


class SponsorshipEmptyError(ConflictError):
    code = "sponsorship_empty"
    text = "This sponsorship does not hold enough for this license. Nothing was bought."


class OrganizationUnknownError(NotFoundError):
    code = "organization_unknown"
    text = "There is no organization with this short name."
