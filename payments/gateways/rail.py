"""What every way of moving money must offer. `tests/contract/rails` asks the same of each.

A rail is called outside of any transaction, with the key of the row that owes the call: the same key again gives the
same effect. It raises RailDownError where trying again may help, and RailRefusedError where it will not.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol
from uuid import UUID

from payments.models import (
    Invoice,
    Order,
    PaymentAttempt,
    PayoutAccount,
    SponsorFunding,
    TransferIntent,
    TransferReversal,
)


@dataclass(frozen=True)
class Receipt:
    """What a rail says about money that arrived. `reference` is unique on the rail, minor units.
    `order_id` is what it was paid for: the order, or the funding of a budget.

    `amount_minor` in `currency` is what the buyer paid, `tax_minor` of it tax that the rail worked out (None: as
    ordered). `settled_minor` in `settled_currency` is what it was worth when it arrived, before `cost_minor`, which the
    rail kept; empty: the same.
    """

    rail: str
    reference: str
    order_id: UUID
    amount_minor: int
    currency: str
    tax_minor: int | None = None
    charge: str = ""
    settled_minor: int | None = None
    settled_currency: str = ""
    cost_minor: int = 0
    # Of a subscription: its name on the rail, when the period that this pays for begins, and when it was paid.
    subscription: str = ""
    period_starts_at: datetime | None = None
    arrived_at: datetime | None = None

    @property
    def source(self) -> str:
        """What the rail's own books call it."""
        return self.charge or self.reference

    @property
    def booked_minor(self) -> int:
        return self.amount_minor if self.settled_minor is None else self.settled_minor

    @property
    def booked_currency(self) -> str:
        return self.settled_currency or self.currency


@dataclass(frozen=True)
class Opened:
    """Where the buyer pays; `reference` names it on the rail."""

    reference: str
    url: str


PaymentState = Literal["open", "authorized", "paid", "ended"]


@dataclass(frozen=True)
class Progress:
    """How far a checkout is. `receipt` is there when it is paid; `attempt_id` is the row of ours that opened it.

    Where the payment began a `subscription`, its receipts are in there. For a budget it is `funding_id`.
    """

    reference: str
    state: PaymentState
    attempt_id: str = ""
    receipt: Receipt | None = None
    funding_id: str = ""
    subscription: str = ""


@dataclass(frozen=True)
class Returned:
    """Money that went back to a buyer, or failed to. `payment` is the receipt's reference, `key` ours for the call.

    `settled_minor` is what it took from the balance, in the currency that the payment settled in.
    """

    reference: str
    payment: str
    amount_minor: int
    currency: str
    has_failed: bool = False
    key: str = ""
    settled_minor: int | None = None


BilledState = Literal["draft", "open", "paid", "void", "uncollectible"]


@dataclass(frozen=True)
class Billed:
    """An invoice as the rail has it; `invoice_id` is the row of ours that it was written for.

    `tax_minor` is what the rail worked out (None: as ordered). `receipts` are the payments that it was paid with; if
    there are none, it was paid somewhere else.
    """

    reference: str
    state: BilledState
    invoice_id: str = ""
    number: str = ""
    url: str = ""
    due_at: datetime | None = None
    tax_minor: int | None = None
    receipts: tuple[Receipt, ...] = ()
    subscription: str = ""


SubscribedState = Literal["active", "past_due", "ended"]


@dataclass(frozen=True)
class Subscribed:
    """A subscription as the rail has it; `subscription_id` is the row of ours that it was opened for.

    `receipts` are what was paid for its periods, oldest first, `others` what was paid for anything else, and `unclear`
    the invoices that are not of one whole period.
    """

    reference: str
    subscription_id: str
    state: SubscribedState
    is_ending: bool = False
    receipts: tuple[Receipt, ...] = ()
    others: tuple[Receipt, ...] = ()
    unclear: tuple[str, ...] = ()


DisputeState = Literal["inquiry", "open", "won", "lost", "closed"]


@dataclass(frozen=True)
class Disputed:
    """`state`: inquiry (no money moved), open (the bank took it), won, lost, closed (an inquiry that ended).

    `fee_minor` is what the bank takes from us for it, `settled_minor` what the amount took from the balance.
    """

    reference: str
    payment: str
    amount_minor: int
    currency: str
    state: DisputeState
    fee_minor: int = 0
    settled_minor: int | None = None


MovementKind = Literal[
    "charge",
    "refund",
    "refund_failure",
    "dispute",
    "transfer",
    "transfer_reversal",
    "fee",
    "payout",
    "payout_failure",
    # Nothing that we know: somebody has to look at it.
    "unknown",
]


@dataclass(frozen=True)
class Movement:
    """One line of the rail's own account: `amount_minor` is positive when money came in, `fee_minor` what it cost.

    `source` is the charge, refund, dispute, transfer, reversal or payout that it belongs to, by the rail's reference,
    and the line itself where it belongs to nothing. `called` is what the rail calls its kind.
    """

    reference: str
    kind: MovementKind
    called: str
    source: str
    currency: str
    amount_minor: int
    fee_minor: int
    at: datetime


@dataclass(frozen=True)
class Cost:
    """What the rail kept of a charge, in the currency that it arrived in."""

    amount_minor: int
    currency: str


@dataclass(frozen=True)
class PaidOut:
    """Money on its way from the rail to the marketplace's own bank, or back from there."""

    reference: str
    amount_minor: int
    currency: str
    has_failed: bool


@dataclass(frozen=True)
class Funds:
    """What lies on the rail in one currency."""

    available_minor: int
    pending_minor: int


RecipientState = Literal["incomplete", "active", "restricted"]


@dataclass(frozen=True)
class Recipient:
    """A payee on the rail, who is paid while `active`; `missing` says in the rail's words what it has to know first.

    `destination` changes when the rail is to send their money on to another place; empty where it does not say.
    """

    reference: str
    state: RecipientState
    missing: tuple[str, ...] = ()
    country: str = ""
    destination: str = ""


class PayingOut(Protocol):
    """Money out, to payees."""

    def open_account(self, account: PayoutAccount) -> Recipient:
        """Make the payee known to the rail, once per account of ours."""

    def onboarding_link(self, account: PayoutAccount) -> str:
        """Where the payee tells the rail who they are. It works once and for a few minutes: made when it is clicked."""

    def read_account(self, reference: str) -> Recipient:
        """As the rail has it now."""

    def transfer(self, intent: TransferIntent) -> str:
        """Send it, once per intent; the rail's name for it."""

    def find_transfer(self, intent: TransferIntent) -> str | None:
        """What an earlier call for this intent did, if its answer was lost and the rail may have forgotten the key."""

    def reverse(self, reversal: TransferReversal) -> str:
        """Take a part of a transfer back, once per reversal; the rail's name for it."""

    def find_reversal(self, reversal: TransferReversal) -> str | None:
        """As `find_transfer`."""


class GivingBack(Protocol):
    """Money back to those who paid it."""

    def refund(self, *, payment: str, amount_minor: int, currency: str, key: str) -> Returned:
        """Give back a part of a payment, once per key."""

    def find_refund(self, *, payment: str, key: str) -> Returned | None:
        """What an earlier call with this key did, if its answer was lost and the rail may have forgotten the key."""


class Collecting(GivingBack, Protocol):
    """Money in, and back to those who paid it."""

    def payment_path(self, order: Order) -> str:
        """Our own page from which the buyer goes on to pay."""

    def open_checkout(self, attempt: PaymentAttempt) -> Opened:
        """Where the buyer pays this order, once; the same attempt gives the same page."""

    def open_funding(self, funding: SponsorFunding) -> Opened:
        """Where a sponsor pays into a budget, once; the same funding gives the same page."""

    def progress(self, reference: str) -> Progress:
        """Of an opened checkout, as the rail has it now."""

    def progress_of(self, payment: str) -> Progress | None:
        """Of the checkout that a payment belongs to."""

    def capture(self, attempt: PaymentAttempt) -> Progress:
        """Take what was authorized, once. Nothing happens where it was paid or is over."""

    def end_checkout(self, reference: str) -> None:
        """Nobody pays there any more; what was authorized is let go. Nothing happens where it was paid or is over."""

    def returned(self, reference: str) -> Returned:
        """A refund as the rail has it now."""

    def disputed(self, reference: str) -> Disputed:
        """A dispute as the rail has it now."""

    def cost(self, charge: str) -> Cost | None:
        """Of a charge; None: the rail does not know it yet."""


class Billing(Protocol):
    """Invoices, written once and never changed; and subscriptions, which bring one for each period."""

    def send_invoice(self, invoice: Invoice) -> Billed:
        """Write it, make it final and send it; the same row gives the same invoice, however often it is asked for."""

    def billed(self, reference: str) -> Billed:
        """An invoice as the rail has it now."""

    def billed_for(self, payment: str) -> Billed | None:
        """The invoice that a payment belongs to."""

    def void_invoice(self, reference: str) -> Billed:
        """Nobody owes it any more. Nothing happens where it was paid or is void."""

    def subscribed(self, reference: str, known: Collection[datetime] = ()) -> Subscribed:
        """A subscription as the rail has it now, without the receipts of periods whose begin is `known`."""

    def cancel_subscription(self, reference: str, *, at_once: bool) -> None:
        """At once, or when its period is over. Nothing happens where it has ended."""


class Reporting(Protocol):
    """The rail's own books."""

    def movements(self, since: datetime) -> Iterator[Movement]:
        """Oldest first."""

    def story(self, source: str) -> list[Movement]:
        """All that ever moved for one charge, refund, dispute, transfer, reversal or payout."""

    def funds(self) -> dict[str, Funds]:
        """By currency."""

    def payout(self, reference: str) -> PaidOut | None:
        """None: it is none of the marketplace's own."""


@dataclass(frozen=True)
class Rail:
    """`balance_account` is the ledger's account for money that lies on this rail."""

    name: str
    balance_account: str
    collecting: Collecting
    billing: Billing
    reporting: Reporting
    payouts: PayingOut
    is_simulated: bool = False
