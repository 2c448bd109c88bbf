"""Whom an open task of the finance team keeps from being paid."""

from collections.abc import Collection
from uuid import UUID

from django.db.models import QuerySet

from collective.catalog.models import SplitShare
from payments.models import FinanceTask


def stopped_payees(payees: Collection[UUID]) -> set[UUID]:
    """Those whom a task names, and those who share in the order that a task is about."""
    named = stopped_by_name().filter(payee__in=payees).values_list("payee_id", flat=True)
    sharing = stopped_by_order().filter(payee__in=payees).values_list("payee_id", flat=True)
    return set(named) | set(sharing)


def stopped_by_name() -> "QuerySet[FinanceTask]":
    return FinanceTask.objects.filter(closed_at=None, stops_payee=True).exclude(payee=None)


def stopped_by_order() -> "QuerySet[SplitShare]":
    tasks = FinanceTask.objects.filter(closed_at=None, stops_payee=True, payee=None).exclude(order=None)
    return SplitShare.objects.filter(version__in=tasks.values("order__version"))
