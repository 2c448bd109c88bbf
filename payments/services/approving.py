"""Two people for much money: one asks, another agrees or refuses, and only then anything moves."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from collective.accounts.models import User
from collective.core import audit
from collective.core.domain.money import Money
from payments.errors import ApprovalNotFoundError, ReasonMissingError, SecondPersonError
from payments.models import Approval, Order
from payments.policies import check_is_finance

Effect = Callable[[Approval], object]


@dataclass(frozen=True)
class Effects:
    """What follows from the decision, in its transaction."""

    approved: Effect
    refused: Effect


_EFFECTS: dict[str, Effects] = {}


def on_decision(kind: str, *, approved: Effect, refused: Effect = lambda _: None) -> None:
    """Said once by the service whose work waits for a second person."""
    _EFFECTS[kind] = Effects(approved, refused)


def ask_approval(
    *,
    actor: User,
    kind: str,
    subject: str,
    amount: Money,
    reason: str,
    order: Order | None = None,
    plan: Mapping[str, Any] | None = None,
) -> Approval:
    """In the caller's transaction. The same subject again is the same question, also when it was answered."""
    approval, is_new = Approval.objects.get_or_create(
        subject=subject,
        defaults={
            "kind": kind,
            "order": order,
            "currency": amount.currency,
            "amount_minor": amount.minor,
            "reason": reason,
            "plan": dict(plan or {}),
            "asked_by": actor,
        },
    )
    if is_new:
        audit.record(
            actor=actor, action="payments.approval_asked", obj=approval, reason=reason, kind=kind, amount=str(amount)
        )
    return approval


@transaction.atomic
def decide_approval(*, actor: User, approval_id: UUID, approve: bool, note: str = "") -> Approval:
    """What was asked for happens, or does not, in this transaction.

    Raises NotFinanceError, ApprovalNotFoundError, SecondPersonError for whoever asked, ReasonMissingError for a
    refusal without a reason, WrongStateError when it was decided before, and what the work itself raises.
    """
    check_is_finance(actor)
    approval = Approval.objects.select_for_update(of=("self",), no_key=True).filter(pk=approval_id).first()
    if approval is None:
        raise ApprovalNotFoundError
    if approval.asked_by_id == actor.pk:
        raise SecondPersonError
    if not approve and not note.strip():
        raise ReasonMissingError(fields={"note": [ReasonMissingError.text]})
    state = "approved" if approve else "refused"
    approval.transition_to(state, decided_by=actor, decided_at=timezone.now(), note=note.strip())
    effects = _EFFECTS[approval.kind]
    (effects.approved if approve else effects.refused)(approval)
    audit.record(actor=actor, action=f"payments.approval_{state}", obj=approval, reason=approval.note)
    return approval
