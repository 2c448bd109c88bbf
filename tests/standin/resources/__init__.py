"""One module per kind of object; importing them fills the table of handlers."""

from tests.standin.resources import (
    account_links,
    accounts,
    balance,
    charges,
    checkout,
    coupons,
    customers,
    disputes,
    events,
    intents,
    refunds,
    reversals,
    transfers,
)

__all__ = [
    "account_links",
    "accounts",
    "balance",
    "charges",
    "checkout",
    "coupons",
    "customers",
    "disputes",
    "events",
    "intents",
    "refunds",
    "reversals",
    "transfers",
]
