"""The other side of a rail: its buyers and payees, who press buttons, are played by the stand-in, or are people."""

import time
from collections.abc import Callable
from typing import Protocol

from payments.gateways.embedded.books import move
from payments.gateways.rail import Rail
from payments.gateways.rails import rail, simulated_button, simulated_onboarding
from payments.gateways.stripe.client import client
from payments.models import Invoice, PaymentAttempt, PayoutAccount
from tests.standin.standin import Standin

# How long a person may take for one page, and how often Stripe is asked meanwhile.
PATIENCE_SECONDS, PAUSE_SECONDS = 600, 3


class Hands(Protocol):
    def fund(self, currency: str, amount_minor: int) -> None:
        """There is at least that much to pay from."""

    def pay(self, attempt: PaymentAttempt) -> None:
        """Precondition: its page was opened."""

    def pay_invoice(self, invoice: Invoice) -> None:
        """Precondition: it was sent."""

    def complete(self, account: PayoutAccount) -> None:
        """The payee tells the rail everything that it asks."""


class Pressing:
    """Of the simulated rail."""

    def fund(self, currency: str, amount_minor: int) -> None:
        move(key="funds", kind="charge", reference="funds", currency=currency, amount_minor=amount_minor)

    def pay(self, attempt: PaymentAttempt) -> None:
        simulated_button().pay(attempt.order)

    def pay_invoice(self, invoice: Invoice) -> None:
        simulated_button().pay(invoice.order)

    def complete(self, account: PayoutAccount) -> None:
        simulated_onboarding().press(account.reference)


class Playing:
    """Of the stand-in for Stripe."""

    def __init__(self, standin: Standin) -> None:
        self.standin = standin

    def fund(self, currency: str, amount_minor: int) -> None:
        with self.standin.state.lock:
            self.standin.state.available[currency.lower()] = amount_minor

    def pay(self, attempt: PaymentAttempt) -> None:
        self.standin.pay(attempt.reference)

    def pay_invoice(self, invoice: Invoice) -> None:
        self.standin.pay_invoice(invoice.reference)

    def complete(self, account: PayoutAccount) -> None:
        self.standin.complete_onboarding(account.reference)


class Asking:
    """In Stripe's sandbox: a person opens the pages that are printed, and Stripe is asked until they have done it."""

    def fund(self, currency: str, amount_minor: int) -> None:
        """With the test card whose money is there at once (docs.stripe.com/testing, available balance)."""
        client().v1.payment_intents.create(
            {
                "amount": 2 * amount_minor,
                "currency": currency.lower(),
                "payment_method": "pm_card_bypassPending",
                "automatic_payment_methods": {"enabled": True, "allow_redirects": "never"},
                "confirm": True,
            }
        )

    def pay(self, attempt: PaymentAttempt) -> None:
        opened = self._rail.collecting.open_checkout(attempt)
        _ask(
            f"Pay with the card 4242 4242 4242 4242: {opened.url}",
            lambda: self._rail.collecting.progress(attempt.reference).state != "open",
        )

    def pay_invoice(self, invoice: Invoice) -> None:
        _ask(
            f"Pay this invoice with the card 4242 4242 4242 4242: {invoice.url}",
            lambda: self._rail.billing.billed(invoice.reference).state == "paid",
        )

    def complete(self, account: PayoutAccount) -> None:
        _ask(
            f"Answer with Stripe's test data: {self._rail.payouts.onboarding_link(account)}",
            lambda: self._rail.payouts.read_account(account.reference).state == "active",
        )

    @property
    def _rail(self) -> Rail:
        return rail()


def _ask(what: str, is_done: Callable[[], bool]) -> None:
    print(f"\n>>> {what}", flush=True)
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not is_done():
        if time.monotonic() > deadline:
            raise TimeoutError(f"Nobody did this within {PATIENCE_SECONDS // 60} minutes: {what}")
        time.sleep(PAUSE_SECONDS)
