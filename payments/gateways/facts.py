"""What a rail says: plain facts, in minor units, with its own references."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID


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

    For a budget it is `funding_id`. Where the payment began a `subscription`, its receipts are in there.
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
