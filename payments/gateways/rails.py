"""Which rail this instance uses (`PAYMENT_RAIL`), and the one that an earlier payment came by."""

from django.conf import settings

from payments.errors import RailUnavailableError
from payments.gateways.embedded import EMBEDDED
from payments.gateways.embedded.collecting import SimulatedCollecting
from payments.gateways.embedded.paying_out import SimulatedPayingOut
from payments.gateways.rail import GivingBack, Rail
from payments.gateways.sponsorship import NAME as BUDGET
from payments.gateways.sponsorship import BudgetRefunds, budget_account
from payments.gateways.stripe import STRIPE
from payments.models import Invoice, Order

_RAILS = {rail.name: rail for rail in (EMBEDDED, STRIPE)}


def rail() -> Rail:
    return _RAILS[settings.PAYMENT_RAIL]


def rail_of(name: str) -> Rail:
    """What came by one rail goes back by it, also after the instance has changed to another."""
    return _RAILS[name]


def pay_url(order: Order) -> str:
    """Where a person pays an order that waits for it: our own page, or the one of its invoice once it is written."""
    invoice: Invoice | None = getattr(order, "invoice", None)
    if invoice is None or rail_of(invoice.rail).is_simulated:
        return rail().collecting.payment_path(order)
    return invoice.url


def giving_back(name: str) -> GivingBack:
    """What a budget paid goes back to it, everything else by the rail that it came by."""
    return BudgetRefunds() if name == BUDGET else rail_of(name).collecting


def account_for(name: str, order: Order) -> str:
    """Where the ledger has the money of an order that was paid so."""
    return budget_account(order) if name == BUDGET else rail_of(name).balance_account


def simulated_button() -> SimulatedCollecting:
    """Raises RailUnavailableError where payments are real."""
    button = rail().collecting
    if not isinstance(button, SimulatedCollecting):
        raise RailUnavailableError
    return button


def simulated_onboarding() -> SimulatedPayingOut:
    """Raises RailUnavailableError where payments are real."""
    page = rail().payouts
    if not isinstance(page, SimulatedPayingOut):
        raise RailUnavailableError
    return page
