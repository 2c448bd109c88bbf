"""The simulated rail's account, read like a bank's."""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Sum

from payments.gateways.rail import Funds, Movement
from payments.models import SimulatedMovement


class SimulatedReporting:
    def movements(self, since: datetime) -> Iterator[Movement]:
        rows = SimulatedMovement.objects.filter(created_at__gte=since).order_by("created_at", "id")
        for row in rows.iterator():
            yield Movement(row.reference, row.kind, row.reference, row.currency, row.amount_minor, 0, row.created_at)

    def funds(self) -> dict[str, Funds]:
        sums = SimulatedMovement.objects.values_list("currency").annotate(sum=Sum("amount_minor"))
        return {currency: Funds(sum_, 0) for currency, sum_ in sums}
