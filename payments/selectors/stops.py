"""Whom an open task of the finance team keeps from being paid."""

from collections.abc import Collection
from uuid import UUID

from collective.catalog.models import SplitShare
from payments.models import FinanceTask


def stopped_payees(payees: Collection[UUID]) -> set[UUID]:
    """Those whom a task names, and those who share in the order that a task is about."""
    standing = FinanceTask.objects.filter(closed_at=None, stops_payee=True)
    named = standing.filter(payee__in=payees).values_list("payee_id", flat=True)
    orders = standing.filter(payee=None).exclude(order=None)
    sharing = SplitShare.objects.filter(version__in=orders.values("order__version"), payee__in=payees)
    return {payee for payee in named if payee} | set(sharing.values_list("payee_id", flat=True))
