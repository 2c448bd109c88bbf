"""What can go wrong between an offer and a paid order."""

from collective.core.errors import ConflictError, DeniedError, InvalidError, NotFoundError


class OrderNotFoundError(NotFoundError):
    code = "order_not_found"
    text = "There is no order with this number, or you may not see it."


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


class NotYourOrderError(DeniedError):
    code = "not_your_order"
    text = "Only the person who placed this order may do this."


class InvoiceForPersonError(InvalidError):
    code = "invoice_for_person"
    text = "{organization} is a person. Invoices are for organizations; pay by card, or order for an organization."


class InvoiceNotPossibleError(InvalidError):
    code = "invoice_not_possible"
    text = "A free license, a subscription and an exclusive license cannot be bought by invoice."


class InvoiceCountryError(InvalidError):
    code = "invoice_country"
    text = "The tax on an invoice follows from the country of {organization}. Say which it is."


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
