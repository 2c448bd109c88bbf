"""The stand-in as tests hold it: what a buyer, a bank, a recipient and time do to the platform."""

from collections.abc import Callable
from copy import deepcopy

from tests.standin.clockwork import tick
from tests.standin.faults import Fault
from tests.standin.resources import (
    account_links,
    accounts,
    buyers,
    collecting,
    disputes,
    invoices,
    payouts,
    refunds,
    subscribing,
)
from tests.standin.routes import Obj
from tests.standin.settings import Settings
from tests.standin.state import State
from tests.standin.webhooks import Delivery, Endpoint, Kind, Send

KEY = "sk_test_standin"


class Standin:
    """Every method is one thing that happens outside of the platform. Objects are given back as they then are."""

    def __init__(self, settings: Settings | None = None) -> None:
        self.state = State(settings)
        self.url = ""
        self.key = KEY

    @property
    def violations(self) -> list[str]:
        return self.state.violations

    def endpoint(self, *, snapshot: str | None = None, thin: str | None = None, secret: str) -> None:
        """Registers the address for v1's snapshots, or for v2's thin events."""
        kind, url = (Kind.SNAPSHOT, snapshot) if snapshot else (Kind.THIN, thin)
        if url is None:
            raise ValueError("An endpoint needs an address.")
        self.state.webhooks.endpoints.append(Endpoint(kind, url, secret))

    def deliver_through(self, send: Send) -> None:
        """Instead of HTTP: gets address, body and headers, gives the status that was answered."""
        self.state.webhooks.send = send

    def arm(self, fault: Fault | str, *, times: int = 1, where: str = "", percent: int = 100) -> None:
        with self.state.lock:
            self.state.faults.arm(Fault(fault), times=times, where=where, percent=percent)

    def disarm(self) -> None:
        with self.state.lock:
            self.state.faults.disarm()

    def pay(self, session: str) -> Obj:
        """By card, or what was paid late arrives."""
        return self._on("checkout.session", session, buyers.pay)

    def authorize(self, session: str) -> Obj:
        """As `pay`, for a session that captures by hand."""
        paid = self.pay(session)
        intent = self.state.get("payment_intent", paid["payment_intent"])
        if intent["status"] != "requires_capture":
            raise ValueError(f"{session} is not captured by hand.")
        return paid

    def pay_late(self, session: str) -> Obj:
        """By a method that takes days: call `pay` when the money arrives, `fail` when it does not."""
        return self._on("checkout.session", session, buyers.pay_late)

    def is_on_its_way(self, session: str) -> bool:
        """Whether it was paid late, and the money has not arrived."""
        with self.state.lock:
            intent = self.state.get("checkout.session", session)["payment_intent"]
            return bool(intent and self.state.get("payment_intent", intent)["status"] == "processing")

    def fail(self, session: str) -> Obj:
        return self._on("checkout.session", session, buyers.fail)

    def pay_invoice(self, invoice: str) -> Obj:
        """The customer pays on the invoice's page, or at last by the card of their subscription."""

        def paid(state: State, found: Obj) -> None:
            collecting.collect(state, found)
            if subscription := invoices.subscription_of(found):
                subscribing.recovered(state, state.get("subscription", subscription))

        return self._on("invoice", invoice, paid)

    def fail_invoice(self, invoice: str) -> Obj:
        """The customer tries to pay, and their card is declined."""
        return self._on("invoice", invoice, collecting.decline)

    def fail_renewals(self, subscription: str, *, failing: bool = True) -> Obj:
        """From now on the subscriber's card is declined."""
        return self._on("subscription", subscription, lambda state, s: state.notes[s["id"]].update(failing=failing))

    def fail_refund(self, refund: str) -> Obj:
        return self._on("refund", refund, refunds.fail)

    def open_dispute(self, charge: str, amount: int | None = None, *, inquiry: bool = False) -> Obj:
        with self.state.lock:
            disputed = self.state.get("charge", charge)
            return disputes.start(self.state, disputed, amount=amount, inquiry=inquiry)

    def escalate_inquiry(self, dispute: str) -> Obj:
        return self._on("dispute", dispute, disputes.escalate)

    def win_dispute(self, dispute: str) -> Obj:
        return self._on("dispute", dispute, disputes.win)

    def lose_dispute(self, dispute: str) -> Obj:
        return self._on("dispute", dispute, disputes.lose)

    def set_capability(self, account: str, status: str) -> Obj:
        """Whether transfers to the account are possible: `active`, or `inactive` and what Stripe calls it."""
        with self.state.lock:
            found = accounts.get(self.state, account)
            accounts.set_capability(self.state, found, "restricted" if status == "inactive" else status)
            return found

    def complete_onboarding(self, account: str) -> Obj:
        """The recipient tells Stripe everything that it asks, and where their payouts go."""
        self.change_destination(account)
        return self.set_capability(account, "active")

    def change_destination(self, account: str) -> Obj:
        """The recipient, or somebody with their password, has payouts go to another bank account."""
        return self._on("v2.core.account", account, accounts.set_destination)

    def close_account(self, account: str) -> Obj:
        return self._on("v2.core.account", account, accounts.close)

    def open_link(self, link: str) -> Obj:
        """The recipient opens the page of an account link, which can be done once. `link`: its address, or the end."""
        with self.state.lock:
            return account_links.open_link(self.state, link.rsplit("/", 1)[-1])

    def connected_balance(self, account: str, currency: str) -> int:
        with self.state.lock:
            return self.state.connected[account, currency]

    def pay_out(self, account: str) -> list[Obj]:
        """A connected account's balance leaves for its bank: nothing is left that a reversal could take."""
        with self.state.lock:
            return payouts.pay_out(self.state, account)

    def pay_platform(self, amount: int, currency: str) -> Obj:
        """From the platform's balance to its own bank."""
        with self.state.lock:
            return payouts.pay_platform(self.state, amount, currency)

    def fail_payout(self, payout: str) -> Obj:
        return self._on("payout", payout, payouts.fail)

    def advance(self, seconds: int) -> None:
        """Lets time pass."""
        with self.state.lock:
            self.state.clock.passed += seconds
            tick(self.state)

    def deliver(self) -> list[tuple[str, int]]:
        """One round of webhooks: the types in the order of their delivery, with the status that was answered."""
        with self.state.lock:
            tick(self.state)
            due = self.state.webhooks.due()
        return [(delivery.body["type"], self._deliver(delivery)) for delivery in due]

    def _on(self, kind: str, named: str, change: Callable[[State, Obj], object]) -> Obj:
        with self.state.lock:
            tick(self.state)
            found = self.state.get(kind, named)
            change(self.state, found)
            return deepcopy(found)

    def _deliver(self, delivery: Delivery) -> int:
        status = self.state.webhooks.attempt(delivery)
        with self.state.lock:
            self.state.webhooks.record(delivery, status)
        return status
