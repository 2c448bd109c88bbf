"""The rail that needs nothing: no keys, no network, and no money. Its page says so in large letters."""

from payments.domain import chart
from payments.gateways.embedded.billing import SimulatedBilling
from payments.gateways.embedded.collecting import SimulatedCollecting
from payments.gateways.embedded.paying_out import SimulatedPayingOut
from payments.gateways.embedded.reporting import SimulatedReporting
from payments.gateways.rail import Rail

EMBEDDED = Rail(
    name="embedded",
    balance_account=chart.EMBEDDED_CASH,
    collecting=SimulatedCollecting(),
    billing=SimulatedBilling(),
    reporting=SimulatedReporting(),
    payouts=SimulatedPayingOut(),
    is_simulated=True,
)

__all__ = ["EMBEDDED"]
