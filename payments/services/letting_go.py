"""What an order held for its buyer, given back when nothing came of it."""

from collections.abc import Iterable
from uuid import UUID

from licensing.services import release_scope
from payments.services.coupons import return_coupons


def let_go(orders: Iterable[UUID]) -> None:
    """In the transaction that ends the orders: what was exclusive, and the use of a coupon."""
    ended = list(orders)
    release_scope(ended)
    return_coupons(ended)
