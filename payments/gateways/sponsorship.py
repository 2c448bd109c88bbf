"""Orders that a budget paid: refunded into it. Nothing moves outside, and the ledger is the only book."""

from payments.domain import chart
from payments.gateways.facts import Returned
from payments.models import Order

NAME = "sponsorship"


def payment_reference(order: Order) -> str:
    return f"sponsored_{order.pk.hex}"


def budget_account(order: Order) -> str:
    """Precondition: a budget pays this order."""
    return chart.sponsor_code(order.sponsored.sponsorship_id)


class BudgetRefunds:
    def refund(self, *, payment: str, amount_minor: int, currency: str, key: str) -> Returned:
        """Booking it gives it back to the budget. The key makes it once."""
        return Returned(f"sponsored-refund_{key}", payment, amount_minor, currency, key=key)

    def find_refund(self, *, payment: str, key: str) -> Returned | None:
        """`refund` says the same again."""
        return None
