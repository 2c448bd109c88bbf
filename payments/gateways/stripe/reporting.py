"""Stripe's balance and every movement on it."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from payments.errors import RailRefusedError
from payments.gateways.facts import Funds, Movement, MovementKind, PaidOut
from payments.gateways.stripe.client import calling

PAGE = 100
BACK = ("failed", "canceled")
# docs.stripe.com/reports/balance-transaction-types. What is not here is nothing that we know how to follow.
KINDS: dict[str, MovementKind] = {
    "charge": "charge",
    "payment": "charge",
    "refund": "refund",
    "payment_refund": "refund",
    "refund_failure": "refund_failure",
    "transfer": "transfer",
    "transfer_refund": "transfer_reversal",
    "transfer_cancel": "transfer_reversal",
    "transfer_failure": "transfer_reversal",
    "stripe_fee": "fee",
    "stripe_fx_fee": "fee",
    "tax_fee": "fee",
    "payout": "payout",
    "payout_cancel": "payout_failure",
    "payout_failure": "payout_failure",
}
# An adjustment may be anything; these are what a buyer's bank takes and gives back.
DISPUTES = ("dispute", "dispute_reversal")


class StripeReporting:
    def movements(self, since: datetime) -> Iterator[Movement]:
        # Stripe lists the newest first.
        yield from reversed(_list({"created": {"gte": int(since.timestamp())}, "limit": PAGE}))

    def story(self, source: str) -> list[Movement]:
        if source.startswith("txn_"):
            with calling() as api:
                return [_movement(api.v1.balance_transactions.retrieve(source))]
        return _list({"source": source, "limit": PAGE})

    def funds(self) -> dict[str, Funds]:
        with calling() as api:
            now = api.v1.balance.retrieve()
        sums: dict[str, list[int]] = defaultdict(lambda: [0, 0])
        places: list[Any] = [now.available, now.pending]
        for place, parts in enumerate(places):
            for part in parts:
                sums[part.currency.upper()][place] += part.amount
        return {currency: Funds(*parts) for currency, parts in sums.items()}

    def payout(self, reference: str) -> PaidOut | None:
        """Those of recipients are told to us too, and are not the platform's."""
        try:
            with calling() as api:
                made = api.v1.payouts.retrieve(reference)
        except RailRefusedError as refusal:
            if refusal.detail["reason"] == "resource_missing":
                return None
            raise
        return PaidOut(made.id, made.amount, made.currency.upper(), made.status in BACK)


def _list(wanted: Any) -> list[Movement]:
    with calling() as api:
        return [_movement(each) for each in api.v1.balance_transactions.list(wanted).auto_paging_iter()]


def _movement(row: Any) -> Movement:
    """What Stripe takes for itself is a fee, whether it stands beside an amount or alone."""
    source = row.source if isinstance(row.source, str) or row.source is None else row.source.id
    at, kind = datetime.fromtimestamp(row.created, UTC), _kind(row)
    amount, fee = (0, row.fee - row.amount) if kind == "fee" else (row.amount, row.fee)
    return Movement(row.id, kind, row.type, source or row.id, row.currency.upper(), amount, fee, at)


def _kind(row: Any) -> MovementKind:
    if row.type == "adjustment" and row.reporting_category in DISPUTES:
        return "dispute"
    return KINDS.get(row.type, "unknown")
