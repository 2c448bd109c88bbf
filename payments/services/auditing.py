"""Every night: what must never be false about money is asked of the database, and each violation needs a person."""

from hashlib import sha256

from django.db import transaction
from django.utils import timezone

from collective.core.invariants import invariants
from payments.models import FinanceTask
from payments.services.finance import open_task

APP = "payments."


def audit_money() -> list[str]:
    """Job: the violations, each with an open task. One that a person has closed while it still holds comes again."""
    violations = [
        (each.id, text) for each in invariants() if each.check.__module__.startswith(APP) for text in each.check()
    ]
    for id_, text in violations:
        _tell(id_, text)
    return [text for _, text in violations]


@transaction.atomic
def _tell(id_: str, text: str) -> None:
    key = f"ledger:{sha256(text.encode()).hexdigest()[:32]}"
    if not FinanceTask.objects.filter(key__startswith=key, closed_at=None).exists():
        day = timezone.now().date().isoformat()
        open_task(key=f"{key}:{day}", kind="ledger", facts={"rule": id_, "violation": text})
