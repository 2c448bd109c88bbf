"""The simulated rail's account, read like a bank's."""

from collections.abc import Iterator
from datetime import datetime
from typing import get_args

from django.db.models import Sum

from payments.gateways.facts import Funds, Movement, MovementKind, PaidOut
from payments.models import SimulatedMovement


class SimulatedReporting:
    def movements(self, since: datetime) -> Iterator[Movement]:
        rows = SimulatedMovement.objects.filter(created_at__gte=since).order_by("created_at", "id")
        yield from map(_movement, rows.iterator())

    def story(self, source: str) -> list[Movement]:
        return [_movement(row) for row in SimulatedMovement.objects.filter(reference=source)]

    def funds(self) -> dict[str, Funds]:
        sums = SimulatedMovement.objects.values_list("currency").annotate(sum=Sum("amount_minor"))
        return {currency: Funds(sum_, 0) for currency, sum_ in sums}

    def payout(self, reference: str) -> PaidOut | None:
        """Nobody has a bank here."""


def _movement(row: SimulatedMovement) -> Movement:
    kind: MovementKind = next((each for each in get_args(MovementKind) if each == row.kind), "unknown")
    return Movement(row.reference, kind, row.kind, row.reference, row.currency, row.amount_minor, 0, row.created_at)
