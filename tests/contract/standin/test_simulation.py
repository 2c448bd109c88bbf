"""Many things in any order: the balance is what its transactions say, and nobody can take more than there is."""

from collections import Counter
from collections.abc import Callable
from random import Random, SystemRandom
from typing import Any

from stripe import InvalidRequestError, StripeClient

from tests.contract.standin.asking import paid_charge, recipient
from tests.standin.clock import DAY
from tests.standin.errors import Refusal
from tests.standin.faults import EVERY, Fault
from tests.standin.standin import Standin

STEPS = 150


class World:
    """One platform, with what can happen to it next."""

    def __init__(self, stripe: StripeClient, standin: Standin, chance: Random) -> None:
        self.stripe, self.standin, self.chance = stripe, standin, chance
        self.account = recipient(stripe, standin)
        self.charges = [paid_charge(stripe, standin, amount=50000)]
        self.transfers: list[str] = []
        self.refunds: list[str] = []
        self.disputes: list[str] = []

    def amount(self) -> int:
        return self.chance.randrange(1, 9000)

    def sell(self) -> None:
        self.charges.append(paid_charge(self.stripe, self.standin, amount=self.amount() + 100))

    def refund(self) -> None:
        asked: Any = {"charge": self.chance.choice(self.charges), "amount": self.amount()}
        self.refunds.append(self.stripe.v1.refunds.create(asked).id)

    def fail_refund(self) -> None:
        self.standin.fail_refund(self.chance.choice(self.refunds or ["re_none"]))

    def dispute(self) -> None:
        opened = self.standin.open_dispute(self.chance.choice(self.charges), inquiry=self.chance.random() < 0.2)
        self.disputes.append(opened["id"])

    def decide(self) -> None:
        end = self.chance.choice([self.standin.win_dispute, self.standin.lose_dispute])
        end(self.chance.choice(self.disputes or ["du_none"]))

    def transfer(self) -> None:
        asked: Any = {"amount": self.amount(), "currency": "usd", "destination": self.account}
        self.transfers.append(self.stripe.v1.transfers.create(asked).id)

    def reverse(self) -> None:
        self.stripe.v1.transfers.reversals.create(self.chance.choice(self.transfers or ["tr_none"]))

    def pay_out(self) -> None:
        self.standin.pay_out(self.account)

    def wait(self) -> None:
        self.standin.advance(self.chance.randrange(DAY))

    @property
    def actions(self) -> list[Callable[[], None]]:
        once = [self.fail_refund, self.dispute, self.decide, self.pay_out, self.wait]
        return [*once, *[self.sell, self.refund, self.transfer, self.reverse] * 2]


def test_any_order_of_things_adds_up(stripe: StripeClient, standin: Standin) -> None:
    seed = SystemRandom().randrange(10**9)
    print(f"seed {seed}")
    chance = Random(seed)
    standin.state.settings.funds_after = 2 * DAY
    standin.arm(Fault.TIMEOUT_AFTER_COMMIT, where="POST /v1/", times=EVERY, percent=3)
    world = World(stripe, standin, chance)
    for _ in range(STEPS):
        try:
            chance.choice(world.actions)()
        except (InvalidRequestError, Refusal):
            continue
    check(stripe, world)


def check(stripe: StripeClient, world: World) -> None:
    booked = list(stripe.v1.balance_transactions.list({"limit": 100}).auto_paging_iter())
    balance = stripe.v1.balance.retrieve()
    rows: list[Any] = [*balance.available, *balance.pending]
    lies_there = sum(row.amount for row in rows)
    assert sum(row.net for row in booked) == lies_there
    assert all(row.net == row.amount - row.fee for row in booked)
    charges = list(stripe.v1.charges.list({"limit": 100}).auto_paging_iter())
    assert all(0 <= charge.amount_refunded <= charge.amount_captured for charge in charges)
    transfers = list(stripe.v1.transfers.list({"limit": 100}).auto_paging_iter())
    assert all(0 <= transfer.amount_reversed <= transfer.amount for transfer in transfers)
    kinds = Counter(row.type for row in booked)
    assert (kinds["charge"], kinds["transfer"]) == (len(charges), len(transfers))
    sent = sum(transfer.amount - transfer.amount_reversed for transfer in transfers)
    left = world.standin.connected_balance(world.account, "usd")
    assert sent == left + sum(payout["amount"] for payout in world.standin.state.all("payout"))
