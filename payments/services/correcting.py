"""What only a person can put right: a journal of its own, with who wrote it and why. Nothing is ever changed."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import transaction

from collective.accounts.models import Organization, User
from collective.core import audit
from collective.core.domain.money import Money
from payments.domain import chart
from payments.errors import CorrectionInvalidError, CorrectionPoolError, CorrectionReusedError, ReasonMissingError
from payments.models import Approval, Journal
from payments.policies import check_is_finance, needs_second
from payments.services.approving import ask_approval, on_decision
from payments.services.ledger import post

# The audit adds these up from sales, refunds and settlements.
POOLS = ("pool:", "period:")


@transaction.atomic
def post_correction(
    *, actor: User, key: str, currency: str, legs: Mapping[str, int], reason: str, source: str = ""
) -> Journal | Approval:
    """Amounts per account code, credit positive. `source` is what it answers for on the rail, if it does.

    Above the limit it waits for a second person. `key` is the business key: the same again is the same. Raises
    NotFinanceError, ReasonMissingError, CorrectionInvalidError, CorrectionPoolError, CorrectionReusedError,
    InsufficientFundsError.
    """
    check_is_finance(actor)
    if not reason.strip():
        raise ReasonMissingError(fields={"reason": [ReasonMissingError.text]})
    _check(legs)
    amount = Money(sum(each for each in legs.values() if each > 0), currency)
    plan = {"key": key, "currency": currency, "legs": dict(legs), "source": source}
    if not needs_second(amount):
        return _post(plan, {"actor": str(actor.pk), "reason": reason.strip()}, actor)
    asked = ask_approval(
        actor=actor, kind="correction", subject=f"correction:{key}", amount=amount, reason=reason.strip(), plan=plan
    )
    if asked.plan != plan:
        raise CorrectionReusedError(key=key)
    return asked


def _check(legs: Mapping[str, int]) -> None:
    moving = {code: amount for code, amount in legs.items() if amount}
    if len(moving) < 2 or sum(moving.values()) != 0:
        raise CorrectionInvalidError
    payees = {payee for payee in map(_payee_of, moving) if payee is not None}
    if Organization.objects.filter(pk__in=payees).count() != len(payees):
        raise CorrectionInvalidError
    for code in moving:
        if code.startswith(POOLS):
            raise CorrectionPoolError(account=code)


def _payee_of(code: str) -> UUID | None:
    """Raises CorrectionInvalidError for what is no account of the chart."""
    try:
        chart.rule_of(code)
        return chart.payee_of(code)
    except ValueError:
        raise CorrectionInvalidError from None


def _approved(approval: Approval) -> None:
    meta = {"actor": str(approval.asked_by_id), "second": str(approval.decided_by_id), "reason": approval.reason}
    _post(approval.plan, meta, approval.decided_by)


def _post(plan: Mapping[str, Any], meta: dict[str, str], actor: User | None) -> Journal:
    posting = post(
        key=f"correction:{plan['key']}",
        event="correction",
        currency=str(plan["currency"]),
        legs=plan["legs"],
        meta=meta,
        source=str(plan["source"]),
    )
    journal = posting.entered
    if posting.is_new:
        audit.record(actor=actor, action="payments.corrected", obj=journal, reason=meta["reason"])
    return journal


on_decision("correction", approved=_approved)
