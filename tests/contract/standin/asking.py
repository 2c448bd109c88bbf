"""What the tests ask of the stand-in, as the platform would."""

from typing import Any

from stripe import StripeClient
from stripe.checkout import Session

from tests.standin.standin import Standin


def session_for(stripe: StripeClient, *, amount: int = 10000, currency: str = "usd", **more: Any) -> Session:
    price = {"currency": currency, "unit_amount": amount, "product_data": {"name": "Spoken digits"}}
    given: Any = {
        "mode": "payment",
        "success_url": "https://site.example/paid",
        "line_items": [{"quantity": 1, "price_data": price}],
        **more,
    }
    return stripe.v1.checkout.sessions.create(given)


def paid_charge(stripe: StripeClient, standin: Standin, **asked: Any) -> str:
    """The id of the charge of a session that was paid."""
    session = session_for(stripe, **asked)
    standin.pay(session.id)
    return charge_of(stripe, session.id)


def charge_of(stripe: StripeClient, session: str) -> str:
    paid: Any = stripe.v1.checkout.sessions.retrieve(session, {"expand": ["payment_intent"]})
    return str(paid.payment_intent.latest_charge)


def event_types(stripe: StripeClient) -> list[str]:
    """Oldest first."""
    return [str(event.type) for event in stripe.v1.events.list({"limit": 100}).data][::-1]


def available(stripe: StripeClient) -> dict[str, int]:
    return {row.currency: row.amount for row in stripe.v1.balance.retrieve().available}


def recipient(stripe: StripeClient, standin: Standin | None = None) -> str:
    """The id of a new recipient, who has told everything when the stand-in is given."""
    given: Any = {
        "contact_email": "speaker@example.org",
        "dashboard": "express",
        "identity": {"country": "us"},
        "configuration": {"recipient": {"capabilities": {"stripe_balance": {"stripe_transfers": {"requested": True}}}}},
        "defaults": {"responsibilities": {"fees_collector": "application", "losses_collector": "application"}},
    }
    account = stripe.v2.core.accounts.create(given)
    if standin:
        standin.complete_onboarding(account.id)
    return account.id
