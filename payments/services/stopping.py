"""After a task that kept payees from being paid: what became mature meanwhile is released."""

from uuid import UUID

from django.utils import timezone

from collective.catalog.models import SplitShare
from payments.models import Account, FinanceTask
from payments.services.allotting import PAYEES_PER_CHUNK
from payments.services.releasing import release_to


def release_after_task(*, task_id: UUID) -> None:
    """Job, owed when the task is closed. Whoever another task still stops waits for that one."""
    task = FinanceTask.objects.select_related("order").get(pk=task_id)
    payees = _stopped_by(task)
    for first in range(0, len(payees), PAYEES_PER_CHUNK):
        some = payees[first : first + PAYEES_PER_CHUNK]
        held = Account.objects.filter(owner__in=some, code__endswith=":held", balance__gt=0)
        for currency in sorted(set(held.values_list("currency", flat=True))):
            release_to(some, currency, timezone.now(), key=f"release:task:{task.pk}:{currency}:{first}")


def _stopped_by(task: FinanceTask) -> list[UUID]:
    if task.payee_id:
        return [task.payee_id]
    if task.order is None:
        return []
    shares = SplitShare.objects.filter(version=task.order.version_id)
    return list(shares.order_by("payee_id").values_list("payee_id", flat=True))
