"""What needs a person of the finance team, written down once."""

from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from collective.accounts.models import Organization, User
from collective.core import audit
from collective.core.jobs import enqueue
from payments.errors import FinanceTaskNotFoundError, ReasonMissingError
from payments.models import FinanceTask, Order
from payments.policies import check_is_finance


def open_task(
    *,
    key: str,
    kind: str,
    order: Order | None = None,
    payee: Organization | None = None,
    stops_payee: bool = False,
    facts: dict[str, Any] | None = None,
) -> FinanceTask:
    """In the caller's transaction. The same key again is the same task, also when it was closed."""
    task, is_new = FinanceTask.objects.get_or_create(
        key=key,
        defaults={"kind": kind, "order": order, "payee": payee, "stops_payee": stops_payee, "facts": facts or {}},
    )
    if is_new:
        audit.record(actor=None, action="payments.finance_task", obj=task, kind=kind)
    return task


def settle_task(*, key: str, note: str) -> None:
    """In the caller's transaction: what was wrong has come right by itself, if it was written down at all."""
    FinanceTask.objects.filter(key=key, closed_at=None).update(closed_at=timezone.now(), note=note)


@transaction.atomic
def close_task(*, actor: User, task_id: UUID, note: str) -> FinanceTask:
    """A person has looked at it, and says what they did. Raises ReasonMissingError."""
    check_is_finance(actor)
    task = FinanceTask.objects.select_for_update(no_key=True).filter(pk=task_id).first()
    if task is None:
        raise FinanceTaskNotFoundError
    if not note.strip():
        raise ReasonMissingError(fields={"note": [ReasonMissingError.text]})
    if task.closed_at is None:
        task.closed_at, task.closed_by, task.note = timezone.now(), actor, note.strip()
        task.save(update_fields=["closed_at", "closed_by", "note"])
        audit.record(actor=actor, action="payments.finance_task_closed", obj=task, reason=task.note)
        if task.stops_payee:
            enqueue("payments.release_after_task", key=f"release:task:{task.pk}", task_id=task.pk)
    return task
