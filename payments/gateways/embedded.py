"""The rail that needs nothing: no keys, no network, and no money. Its page says so in large letters."""

from django.urls import reverse

from payments.domain.chart import CASH
from payments.gateways.rail import Receipt
from payments.models import Order


class EmbeddedRail:
    name = "embedded"
    balance_account = CASH

    def payment_path(self, order: Order) -> str:
        return reverse("payments:simulated", args=[order.pk])

    def confirm(self, order: Order) -> Receipt:
        """The buyer pressed Pay. One order has one reference, however often it is pressed."""
        return Receipt(self.name, f"sim_{order.pk.hex}", order.pk, order.total_minor, order.currency)
