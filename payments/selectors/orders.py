"""Orders, by who may see them."""

from uuid import UUID

from django.db.models import Q, QuerySet

from collective.accounts.selectors import Person, organizations_of
from payments.errors import OrderNotFoundError
from payments.models import Order


def orders_visible_to(user: Person) -> "QuerySet[Order]":
    """One's own, and those of one's organizations; operators see all. A seller sees sums, never who bought."""
    orders = Order.objects.select_related(
        "buyer",
        "licensee",
        "seller",
        "coupon",
        "offer__license_version__template",
        "version__dataset__organization",
        "invoice",
        "payment",
        "sponsored__sponsorship__sponsor",
    )
    if not user.is_authenticated:
        return orders.none()
    if user.is_staff:
        return orders
    return orders.filter(Q(buyer_id=user.pk) | Q(licensee__in=organizations_of(user).order_by()))


def order_for(user: Person, order_id: UUID) -> Order:
    """Raises OrderNotFoundError."""
    found = orders_visible_to(user).filter(pk=order_id).first()
    if found is None:
        raise OrderNotFoundError
    return found
