"""Who may do what with money. `check_can_…` raises and says why; `can_…` is its twin for templates."""

from django.conf import settings

from collective.accounts.models import Organization, User
from collective.accounts.policies import check_can_act_for, check_signed_in
from collective.core.domain.money import Money, currency_of
from collective.core.errors import DomainError
from licensing.domain.plans import Licensee
from licensing.models import Offer
from payments.domain.fees import Quote
from payments.errors import (
    InvoiceCountryError,
    InvoiceForPersonError,
    InvoiceNotPossibleError,
    NotFinanceError,
    NotYourOrderError,
    RefundDeniedError,
    SelfPurchaseError,
)
from payments.models import Order


def check_can_order(actor: User, offer: Offer, licensee: Organization) -> None:
    """Any member may buy for an organization, but none for the publisher of the dataset itself."""
    check_can_act_for(actor, licensee)
    if offer.dataset.organization_id == licensee.pk:
        raise SelfPurchaseError(organization=licensee.name)


def check_can_pay(actor: User, order: Order) -> None:
    """Whoever placed it, as long as they still belong to the licensee."""
    check_signed_in(actor)
    if order.buyer_id != actor.pk:
        raise NotYourOrderError
    check_can_act_for(actor, order.licensee)


def can_pay(actor: User, order: Order) -> bool:
    try:
        check_can_pay(actor, order)
    except DomainError:
        return False
    return order.state == "awaiting_payment"


def can_cancel(actor: User, order: Order) -> bool:
    """Before anything is charged."""
    try:
        check_can_pay(actor, order)
    except DomainError:
        return False
    return order.state in ("awaiting_payment", "authorized")


def check_invoice_possible(offer: Offer, licensee: Organization, said: Licensee, made: Quote) -> None:
    """Only organizations, and nothing that would keep others waiting for weeks, or that is paid again and again."""
    if licensee.is_personal or said.kind == "individual":
        text = InvoiceForPersonError.text.format(organization=licensee.name)
        raise InvoiceForPersonError(organization=licensee.name, fields={"by_invoice": [text]})
    if made.total_minor == 0 or not can_be_invoiced(offer):
        raise InvoiceNotPossibleError(fields={"by_invoice": [InvoiceNotPossibleError.text]})
    if settings.STRIPE_TAX and not said.country:
        text = InvoiceCountryError.text.format(organization=licensee.name)
        raise InvoiceCountryError(organization=licensee.name, fields={"licensee_country": [text]})


def can_be_authorized(offer: Offer) -> bool:
    """Before access is approved: nothing that is paid again and again, or that nobody else can have meanwhile."""
    return _is_paid_once(offer)


def can_be_invoiced(offer: Offer) -> bool:
    """To some organization."""
    return _is_paid_once(offer)


def _is_paid_once(offer: Offer) -> bool:
    return not offer.is_free and offer.plan["model"] != "subscription" and not offer.terms_view.exclusive


def check_can_refund(actor: User) -> None:
    check_signed_in(actor)
    if not actor.is_staff:
        raise RefundDeniedError


def check_is_finance(actor: User) -> None:
    """Raises NotFinanceError."""
    check_signed_in(actor)
    if not actor.is_staff:
        raise NotFinanceError


def needs_second(amount: Money) -> bool:
    """Above the limit of its currency: FINANCE_LIMIT_MINOR, or a thousand whole units."""
    usual = 1000 * 10 ** currency_of(amount.currency).exponent
    limit: int = settings.FINANCE_LIMIT_MINOR.get(amount.currency, usual)
    return amount.minor > limit
