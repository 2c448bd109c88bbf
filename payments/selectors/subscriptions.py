"""Subscriptions, by who may see them."""

from django.db.models import Q, QuerySet

from collective.accounts.selectors import Person, organizations_of
from payments.models import Subscription


def subscriptions_visible_to(user: Person) -> "QuerySet[Subscription]":
    """One's own that were begun, and those of one's organizations."""
    rows = Subscription.objects.select_related("order", "offer", "licensee", "buyer").exclude(current_starts_at=None)
    if not user.is_authenticated:
        return rows.none()
    mine = Q(buyer_id=user.pk) | Q(licensee__in=organizations_of(user).order_by())
    return rows.filter(mine).order_by("-created_at", "-id")
