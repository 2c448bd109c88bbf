"""The platform's balance: every movement is a balance transaction. docs.stripe.com/reports/balance-transaction-types"""

from typing import Any

from tests.standin.routes import Obj
from tests.standin.state import State


def book(state: State, *, kind: str, category: str, amount: int, currency: str, source: str, **more: Any) -> Obj:
    """`amount` in the settlement currency, positive when the platform gets it. `more`: fee, available_on, …"""
    fee = more.pop("fee", 0)
    available_on = more.pop("available_on", state.now())
    details = [{"amount": fee, "currency": currency, "type": "stripe_fee", "application": None, "description": None}]
    booked = state.make(
        "balance_transaction",
        "txn",
        amount=amount,
        available_on=available_on,
        balance_type="payments",
        currency=currency,
        fee=fee,
        fee_details=details if fee else [],
        net=amount - fee,
        reporting_category=category,
        source=source,
        status="pending",
        type=kind,
        **more,
    )
    state.pending[booked["id"]] = booked
    release_funds(state)
    return booked


def release_funds(state: State) -> None:
    """What was pending until now is available."""
    due = [booked for booked in state.pending.values() if booked["available_on"] <= state.now()]
    for booked in due:
        booked["status"] = "available"
        state.available[booked["currency"]] += booked["net"]
        del state.pending[booked["id"]]


def pending_by_currency(state: State) -> dict[str, int]:
    sums: dict[str, int] = {}
    for booked in state.pending.values():
        sums[booked["currency"]] = sums.get(booked["currency"], 0) + booked["net"]
    return sums


def converted(state: State, amount: int, currency: str) -> tuple[int, str, float | None]:
    """The amount in the currency that the platform settles, that currency, and the rate, None without conversion."""
    currencies = state.settings.currencies
    rate = currencies.rate(currency)
    if rate is None:
        return amount, currency, None
    return rate.convert(amount), currencies.default, rate.numerator / rate.denominator
