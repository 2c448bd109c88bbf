"""Stripe's balance and every movement on it."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from payments.gateways.rail import Funds, Movement
from payments.gateways.stripe.client import calling

PAGE = 100


class StripeReporting:
    def movements(self, since: datetime) -> Iterator[Movement]:
        wanted: Any = {"created": {"gte": int(since.timestamp())}, "limit": PAGE}
        with calling() as api:
            rows = [_movement(each) for each in api.v1.balance_transactions.list(wanted).auto_paging_iter()]
        # Stripe lists the newest first.
        yield from reversed(rows)

    def funds(self) -> dict[str, Funds]:
        with calling() as api:
            now = api.v1.balance.retrieve()
        sums: dict[str, list[int]] = defaultdict(lambda: [0, 0])
        for place, parts in enumerate((now.available, now.pending)):
            for part in parts:
                sums[part.currency.upper()][place] += part.amount
        return {currency: Funds(*parts) for currency, parts in sums.items()}


def _movement(row: Any) -> Movement:
    source = row.source if isinstance(row.source, str) or row.source is None else row.source.id
    at = datetime.fromtimestamp(row.created, UTC)
    return Movement(row.id, row.type, source or "", row.currency.upper(), row.amount, row.fee, at)
