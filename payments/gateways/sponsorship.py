"""Not a rail of its own: orders that a budget pays, and that are refunded into it. The ledger is its only book."""

from collections.abc import Iterator
from datetime import datetime

from payments.domain import chart
from payments.errors import RailRefusedError
from payments.gateways.rail import Disputed, Funds, Movement, Opened, Progress, Rail, Returned
from payments.models import Order, PaymentAttempt, SponsorFunding

NAME = "sponsorship"
NOBODY_PAYS = "This was paid from a budget, where nobody pays by themselves."


def payment_reference(order: Order) -> str:
    return f"sponsored_{order.pk.hex}"


class SponsoredCollecting:
    def payment_path(self, order: Order) -> str:
        raise RailRefusedError(said=NOBODY_PAYS)

    def open_checkout(self, attempt: PaymentAttempt) -> Opened:
        raise RailRefusedError(said=NOBODY_PAYS)

    def open_funding(self, funding: SponsorFunding) -> Opened:
        raise RailRefusedError(said=NOBODY_PAYS)

    def progress(self, reference: str) -> Progress:
        raise RailRefusedError(said=NOBODY_PAYS)

    def progress_of(self, payment: str) -> Progress | None:
        raise RailRefusedError(said=NOBODY_PAYS)

    def end_checkout(self, reference: str) -> None:
        raise RailRefusedError(said=NOBODY_PAYS)

    def refund(self, *, payment: str, amount_minor: int, currency: str, key: str) -> Returned:
        """Nothing moves outside: booking it gives it back to the budget. The key makes it once."""
        return Returned(f"sponsored-refund_{key}", payment, amount_minor, currency, key=key)

    def find_refund(self, *, payment: str, key: str) -> Returned | None:
        """`refund` says the same again."""
        return None

    def returned(self, reference: str) -> Returned:
        raise RailRefusedError(said=NOBODY_PAYS)

    def disputed(self, reference: str) -> Disputed:
        raise RailRefusedError(said=NOBODY_PAYS)


class SponsoredReporting:
    def movements(self, since: datetime) -> Iterator[Movement]:
        return iter(())

    def funds(self) -> dict[str, Funds]:
        return {}


class SponsoredRail(Rail):
    def account_for(self, order: Order) -> str:
        return chart.sponsor_code(order.sponsored.sponsorship_id)


SPONSORED = SponsoredRail(NAME, "", SponsoredCollecting(), SponsoredReporting())
