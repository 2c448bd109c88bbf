"""Which part of payees' money an open dispute may still take."""

from collections import Counter
from collections.abc import Collection
from uuid import UUID

from collective.catalog.models import SplitShare
from collective.core.domain.money import currency_of
from payments.models import Dispute, Settlement, SettlementLine


def disputed_shares(payees: Collection[UUID], currency: str) -> Counter[UUID]:
    """Per payee, rounded up: what of held and payable money stays where it is until the disputes are decided."""
    found: Counter[UUID] = Counter()
    step = currency_of(currency).charge_step
    open_ones = Dispute.objects.filter(state="open", order__payment__booked_currency=currency)
    for dispute in open_ones.select_related("order__period"):
        weights, whole = _weights(dispute, payees)
        for payee, weight in weights:
            steps = -(-dispute.pool_minor * weight // (whole * step))
            found[payee] += steps * step
    return found


def _weights(dispute: Dispute, payees: Collection[UUID]) -> tuple[list[tuple[UUID, int]], int]:
    """By the version's split, or by how the time that the sale pays for was divided; nothing before that."""
    order = dispute.order
    first = Settlement.objects.filter(pool__code=order.pool_account, n=1).first()
    if first is None:
        return [], 1
    if hasattr(order, "period"):
        lines = SettlementLine.objects.filter(settlement=first, payee__in=payees)
        return list(lines.values_list("payee_id", "amount_minor")), first.total_weight
    shares = SplitShare.objects.filter(version_id=order.version_id, payee__in=payees)
    return list(shares.values_list("payee_id", "weight")), first.total_weight
