"""Stripe: hosted pages for buyers, separate charges and transfers, and its balance as the rail's own books."""

from payments.domain import chart
from payments.gateways.rail import Rail
from payments.gateways.stripe.billing import StripeBilling
from payments.gateways.stripe.collecting import StripeCollecting
from payments.gateways.stripe.paying_out import StripePayingOut
from payments.gateways.stripe.reporting import StripeReporting

STRIPE = Rail(
    name="stripe",
    balance_account=chart.STRIPE_CASH,
    collecting=StripeCollecting(),
    billing=StripeBilling(),
    reporting=StripeReporting(),
    payouts=StripePayingOut(),
)

__all__ = ["STRIPE"]
