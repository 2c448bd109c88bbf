"""Money in: a card, an invoice, a subscription's month and the next, money back, and a dispute that is lost."""

from tour import deeds
from tour.payments.walk import Walk, sell
from tour.person import Person
from tour.report import expect
from tour.wire import wait

CARD, INVOICE, MONTH = 25_003, 100_000, 9_900
BACK = "33.33"
PERIOD_SECONDS = 30 * 86_400 + 3_600


def by_card(walk: Walk) -> tuple[str, None]:
    buyer = walk.buyers["card"]
    placed = deeds.order(buyer, sell(walk, CARD))
    address = walk.bank.press(buyer, f"/pay/{placed['id']}/", {})
    paid = walk.settled("card", buyer, placed)
    expect("/pay/c/" in address, f"the card was paid at {address}")
    return f"{paid['total_minor']} cents on the hosted page; licensed when the bank's message came", None


def by_invoice(walk: Walk) -> tuple[str, None]:
    buyer = walk.buyers["invoice"]
    lab = buyer.api("POST", "/organizations", {"name": "Tour laboratory", "slug": f"lab-{walk.run}"})
    offer = sell(walk, INVOICE)
    placed = deeds.order(buyer, offer, licensee_id=lab["id"], by_invoice=True, po_number="PO-4711")
    opened: list[dict[str, object]] = []

    def issued() -> bool:
        opened[:] = [each for each in walk.bank.read("/v1/invoices")["data"] if each["status"] == "open"]
        return bool(opened)

    wait("the invoice to be written", issued)
    invoice = opened[0]
    expect(buyer.api("GET", f"/orders/{placed['id']}")["grant_id"] is None, "licensed before the invoice was paid")
    walk.bank.control("pay_invoice", invoice=invoice["id"])
    walk.settled("invoice", buyer, placed)
    return f"{invoice['number']} over {invoice['total']} cents with PO-4711: claimed, then paid, then licensed", None


def by_month(walk: Walk) -> tuple[str, None]:
    buyer = walk.buyers["subscription"]
    offer = sell(walk, MONTH, plan={"model": "subscription", "period": "month", "grace_days": 0})
    placed = deeds.order(buyer, offer)
    walk.bank.press(buyer, f"/pay/{placed['id']}/", {})
    walk.settled("subscription", buyer, placed)
    walk.bank.control("advance", seconds=PERIOD_SECONDS)
    wait("the second month to be a sale of its own", lambda: len(_orders(buyer)) == 2)
    numbers = sorted(str(order["version"]) for order in _orders(buyer))
    return f"two months, two sales of {MONTH} cents and their fee, each pinned to a version: {', '.join(numbers)}", None


def _orders(buyer: Person) -> list[dict[str, object]]:
    return [order for order in buyer.pages("/orders") if order["state"] == "paid"]


def partly_back(walk: Walk) -> tuple[str, None]:
    order = walk.orders["card"]
    path = f"/operator/finance/orders/{order['id']}/"
    form = {"amount": BACK, "reason": "Asked for by the buyer.", "refund_ref": f"tour-{order['id']}", "step": "refund"}
    walk.operator.submit(path, form)
    buyer = walk.buyers["card"]
    wait("the refund to be booked", lambda: buyer.api("GET", f"/orders/{order['id']}")["state"] == "partly_refunded")
    return f"{BACK} EUR of the card sale, the license stays", None


def disputed(walk: Walk) -> tuple[str, None]:
    """The subscription's second month is taken back by the buyer's bank, and for good."""
    buyer = walk.buyers["subscription"]
    order = max(_orders(buyer), key=lambda each: str(each["created_at"]))
    newest_first = walk.bank.read("/v1/charges", limit=100)["data"]
    charge = next(each for each in newest_first if each["amount"] == order["total_minor"])
    dispute = walk.bank.control("open_dispute", charge=charge["id"])
    grant = f"/grants/{order['grant_id']}"
    wait("the license to be suspended", lambda: buyer.api("GET", grant)["state"] == "suspended")
    walk.bank.control("lose_dispute", dispute=dispute["id"])
    wait("the dispute to be lost", lambda: buyer.api("GET", f"/orders/{order['id']}")["state"] == "refunded")
    wait("the license to end", lambda: buyer.api("GET", grant)["state"] == "revoked")
    return f"{dispute['amount']} cents: in suspense, the license suspended; lost, and the license ended", None
