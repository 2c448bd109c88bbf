"""What every way of moving money must offer. `tests/contract/rails` asks the same of each.

A rail is called outside of any transaction, with the key of the row that owes the call: the same key again gives the
same effect. It raises RailDownError where trying again may help, and RailRefusedError where it will not.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from payments.gateways.facts import (
    Billed,
    Cost,
    Disputed,
    Funds,
    Movement,
    Opened,
    PaidOut,
    Progress,
    Recipient,
    Returned,
    Subscribed,
)
from payments.models import (
    Invoice,
    Order,
    PaymentAttempt,
    PayoutAccount,
    SponsorFunding,
    TransferIntent,
    TransferReversal,
)


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

    def recipient_of(self, movement: Movement) -> str:
        """Whose transfer a line of the rail's books is about, or what came back of it: the reference of their account.

        Empty where the rail does not say.
        """


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
