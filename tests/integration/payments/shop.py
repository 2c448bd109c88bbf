"""Both sides of Stripe for a test: our services and routes, and the buyers and banks of the stand-in."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from django.test import Client

from payments.models import Account, Order, Payment
from payments.services import start_payment
from tests.services.jobs import run_all_jobs
from tests.standin.standin import Standin

SECRETS = {"snapshot": "whsec_snapshot", "thin": "whsec_thin"}
SITE = "http://testserver"


class Shop:
    """`standin` is the other side. Its messages reach our routes when they are delivered, and not before."""

    def __init__(self, standin: Standin) -> None:
        self.standin = standin
        standin.endpoint(snapshot=f"{SITE}/stripe/snapshot", secret=SECRETS["snapshot"])
        standin.endpoint(thin=f"{SITE}/stripe/thin", secret=SECRETS["thin"])
        standin.deliver_through(post)

    def open(self, order: Order) -> str:
        """The buyer is sent to the payment page; the session's id."""
        return start_payment(actor=order.buyer, order_id=order.pk).reference

    def hear(self) -> list[tuple[str, int]]:
        """Every message that is due arrives, and everything that follows from it is done."""
        told = self.standin.deliver()
        run_all_jobs()
        return told

    def pay(self, order: Order) -> Order:
        """To the end: paid, told, settled. The pools are not divided yet."""
        self.standin.pay(self.open(order))
        self.hear()
        order.refresh_from_db()
        return order

    def charge_of(self, order: Order) -> str:
        reference = Payment.objects.get(order=order).reference
        charge: str = self.standin.state.get("payment_intent", reference)["latest_charge"]
        return charge

    def dispute(self, order: Order, amount: int | None = None, *, inquiry: bool = False) -> str:
        opened: dict[str, Any] = self.standin.open_dispute(self.charge_of(order), amount, inquiry=inquiry)
        self.hear()
        return str(opened["id"])

    def agrees(self) -> bool:
        """What the ledger says lies at Stripe is what lies there, in every currency."""
        return self.balances() == self.ours()

    def balances(self) -> dict[str, int]:
        with self.standin.state.lock:
            rows = list(self.standin.state.all("balance_transaction"))
        sums: dict[str, int] = {}
        for row in rows:
            sums[row["currency"].upper()] = sums.get(row["currency"].upper(), 0) + row["net"]
        return {currency: sum_ for currency, sum_ in sums.items() if sum_}

    def ours(self) -> dict[str, int]:
        rows = Account.objects.filter(code="stripe:balance").exclude(balance=0)
        return {account.currency: -account.balance for account in rows}


def post(url: str, body: bytes, headers: Mapping[str, str]) -> int:
    """A message of the stand-in, to our own routes."""
    signature = next(value for name, value in headers.items() if name.lower() == "stripe-signature")
    answer = Client().post(
        urlsplit(url).path, body, content_type="application/json", headers={"Stripe-Signature": signature}
    )
    return answer.status_code
