"""One module per kind of object; importing them fills the table of handlers."""

from tests.standin.resources import balance, charges, checkout, coupons, customers, events, intents, refunds

__all__ = ["balance", "charges", "checkout", "coupons", "customers", "events", "intents", "refunds"]
