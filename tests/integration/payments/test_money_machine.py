"""Any order of sales, refunds, disputes, releases, payouts, lost answers and lost, doubled or shuffled messages.

Whatever happened, once the network is well again the ledger is what lies at the rail, to the cent, and no invariant of
money is false.
"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from datetime import timedelta

import pytest
import time_machine
from django.db import transaction
from django.test import override_settings
from django.utils import timezone
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from collective.accounts.models import User
from collective.core.errors import DomainError
from payments.gateways.stripe.client import client
from payments.models import Dispute, Order, Payment, Refund
from payments.services import (
    refund_order,
    release_due_settlements,
    run_payouts,
    settle_all_pools,
    start_onboarding,
    start_payment,
)
from payments.services.attempts import reserve_attempt
from payments.services.following import catch_up
from payments.services.transferring import look_after_transfers
from tests.factories import UserFactory
from tests.integration.payments.audit import violations
from tests.integration.payments.market import Market, offer, open_market, order
from tests.integration.payments.shop import SECRETS, Shop
from tests.services.jobs import run_all_jobs
from tests.standin.faults import EVERY, Fault
from tests.standin.running import running_standin

MACHINE = hypothesis_settings(max_examples=8, stateful_step_count=20, deadline=None)
PRICE = 10_000
HOLD = timedelta(days=15)
# The rounds after which the network has been well for long enough, in hours from then.
HEALING = (0.1, 0.5, 2, 13, 14)
LOST = [Fault.TIMEOUT_AFTER_COMMIT, Fault.ERROR_500_AFTER_COMMIT, Fault.RATE_LIMIT, Fault.CONFLICT]
TOLD_BADLY = [Fault.WEBHOOK_DROP, Fault.WEBHOOK_DUPLICATE, Fault.WEBHOOKS_SHUFFLE]
which = st.integers(0, 5)


@contextmanager
def later(span: timedelta) -> Iterator[None]:
    with time_machine.travel(timezone.now() + span, tick=True):
        yield


class Money(RuleBasedStateMachine):
    """Each example has a database and a rail of its own, which end with it."""

    def __init__(self) -> None:
        super().__init__()
        self.world = ExitStack()
        self.undo = transaction.atomic()
        self.undo.__enter__()
        standin = self.world.enter_context(running_standin())
        stripe = {"STRIPE_SECRET_KEY": standin.key, "STRIPE_API_BASE": standin.url}
        self.world.enter_context(
            override_settings(PAYMENT_RAIL="stripe", STRIPE_WEBHOOK_SECRETS=SECRETS, HOLD_DAYS=0, **stripe)
        )
        self.shop = Shop(standin)
        self.orders: list[Order] = []
        self.refunds = 0

    @initialize()
    def open(self) -> None:
        self.market: Market = open_market({"a": [1], "b": [1], "c": [1]}, steward_bps=1000)
        self.offer = offer(self.market, PRICE, "USD")
        self.operator: User = UserFactory.create(is_staff=True)
        for name in "ab":
            self._become_recipient(self.market.contributors[name])

    def _become_recipient(self, person: User) -> None:
        payee = person.personal_organization
        url = start_onboarding(actor=person, payee_id=payee.pk, country="FR")
        link = self.shop.standin.open_link(url)
        self.shop.standin.complete_onboarding(link["account"])
        self.shop.hear()

    @rule(lost=st.sampled_from([None, None, *LOST]), dies=st.booleans())
    def buy(self, lost: Fault | None, dies: bool) -> None:
        """`dies`: our process ends after it wrote down that it will ask."""
        placed = order(self.offer)
        self.orders.append(placed)
        if dies:
            reserve_attempt(actor=placed.buyer, order_id=placed.pk)
        self._asks(lost, "checkout", lambda: start_payment(actor=placed.buyer, order_id=placed.pk))

    @rule(number=which, arrives=st.booleans())
    def pay(self, number: int, arrives: bool) -> None:
        """At the rail; we hear of it later, or never."""
        with self.shop.standin.state.lock:
            waiting = [each for each in self.shop.standin.state.all("checkout.session") if each["status"] == "open"]
        if waiting:
            session = waiting[number % len(waiting)]["id"]
            (self.shop.standin.pay if arrives else self.shop.standin.pay_late)(session)

    @rule(number=which, amount=st.integers(1, 12_000), lost=st.sampled_from([None, *LOST]))
    def give_back(self, number: int, amount: int, lost: Fault | None) -> None:
        paid = list(Payment.objects.order_by("received_at", "pk"))
        if not paid:
            return
        self.refunds += 1
        order_id, reference = paid[number % len(paid)].order_id, f"refund {self.refunds}"

        def ask() -> None:
            refund_order(
                actor=self.operator, order_id=order_id, amount_minor=amount, reason="asked", refund_ref=reference
            )

        self._asks(lost, "refunds", ask)

    @rule(number=which, amount=st.integers(1, 3000))
    def somebody_gives_back(self, number: int, amount: int) -> None:
        """On the rail's own pages."""
        with self.shop.standin.state.lock:
            charges = [each for each in self.shop.standin.state.all("charge") if each["paid"]]
        if charges:
            charge = charges[number % len(charges)]
            if charge["amount_captured"] - charge["amount_refunded"] >= amount and not charge["disputed"]:
                client().v1.refunds.create({"charge": charge["id"], "amount": amount})

    @rule(number=which)
    def a_refund_fails(self, number: int) -> None:
        standing = list(Refund.objects.filter(failure=None).exclude(kind="dispute").order_by("pk"))
        if standing:
            with self.shop.standin.state.lock:
                told = self.shop.standin.state.get("refund", standing[number % len(standing)].reference)
            if told["status"] == "succeeded":
                self.shop.standin.fail_refund(told["id"])

    @rule(number=which, inquiry=st.booleans())
    def dispute(self, number: int, inquiry: bool) -> None:
        with self.shop.standin.state.lock:
            charges = [
                each
                for each in self.shop.standin.state.all("charge")
                if each["paid"] and not each["disputed"] and each["amount_captured"] > each["amount_refunded"]
            ]
        if charges:
            self.shop.standin.open_dispute(charges[number % len(charges)]["id"], inquiry=inquiry)

    @rule(number=which, won=st.booleans())
    def decide(self, number: int, won: bool) -> None:
        with self.shop.standin.state.lock:
            waiting = [each for each in self.shop.standin.state.all("dispute") if each["status"] == "needs_response"]
        if waiting:
            named = waiting[number % len(waiting)]["id"]
            (self.shop.standin.win_dispute if won else self.shop.standin.lose_dispute)(named)

    @rule(badly=st.sampled_from([None, *TOLD_BADLY]))
    def hear(self, badly: Fault | None) -> None:
        if badly is not None:
            self.shop.standin.arm(badly, times=2)
        self.shop.hear()

    @rule()
    def release(self) -> None:
        settle_all_pools()
        release_due_settlements()

    @rule(lost=st.sampled_from([None, *LOST]))
    def pay_out(self, lost: Fault | None) -> None:
        def run() -> None:
            run_payouts()
            run_all_jobs()

        self._asks(lost, "transfers", run)

    def _asks(self, lost: Fault | None, where: str, act: Callable[[], object]) -> None:
        """What the rail is asked may be refused, or its answer may be lost as often as the client tries."""
        if lost is not None:
            self.shop.standin.arm(lost, times=EVERY, where=f"POST /v1/{where}")
        with suppress(DomainError):
            act()
        self.shop.standin.disarm()

    def teardown(self) -> None:
        try:
            self._heal()
            assert self.shop.ours() == self.shop.balances()
            assert violations() == []
            assert self.shop.standin.violations == []
            assert not Dispute.objects.filter(state="open", order__state="refunded").exists()
        finally:
            transaction.set_rollback(True)
            self.undo.__exit__(None, None, None)
            self.world.close()

    def _heal(self) -> None:
        """The network is well again, and time passes; what was never told is caught up."""
        for hours in HEALING:
            with later(timedelta(hours=hours)):
                self.shop.hear()
                catch_up()
                look_after_transfers()
                run_all_jobs()
        with later(HOLD):
            settle_all_pools()
            release_due_settlements()


@pytest.mark.django_db
@pytest.mark.slow
def test_whatever_happens_both_books_agree() -> None:
    run_state_machine_as_test(Money, settings=MACHINE)
