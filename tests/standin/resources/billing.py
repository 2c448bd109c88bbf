"""What an invoice is made of and how it is counted: docs.stripe.com/invoicing/overview"""

from typing import Any

from tests.standin.contract import skeleton
from tests.standin.events import emit
from tests.standin.lists import listed
from tests.standin.resources.totals import Line, totals
from tests.standin.routes import Obj
from tests.standin.state import State


def draft(state: State, customer: Obj, *, currency: str, taxed: bool, coupon: Obj | None, **more: Any) -> Obj:
    """An invoice without lines. `more`: other fields of it."""
    invoice = state.make(
        "invoice",
        "in",
        **{
            "attempt_count": 0,
            "attempted": False,
            "automatic_tax": {"enabled": taxed, "status": "complete" if taxed else None},
            "billing_reason": "manual",
            "collection_method": "send_invoice",
            "currency": currency,
            "customer": customer["id"],
            "customer_address": customer["address"],
            "customer_email": customer["email"],
            "customer_name": customer["name"],
            "default_tax_rates": [],
            "issuer": {"type": "self"},
            "livemode": False,
            "metadata": {},
            "period_end": state.now(),
            "period_start": state.now(),
            "status": "draft",
            "total_discount_amounts": [],
            "total_taxes": [],
            **more,
        },
    )
    invoice["lines"] = listed([], f"/v1/invoices/{invoice['id']}/lines")
    state.notes[invoice["id"]] = {"within": {}, "coupon": coupon}
    if coupon:
        invoice["discounts"] = [_discount(state, coupon, invoice)]
    return invoice


def _discount(state: State, coupon: Obj, invoice: Obj) -> str:
    source = {"type": "coupon", "coupon": coupon["id"]}
    made = skeleton("discount", id=state.new_id("di"), source=source, start=state.now(), invoice=invoice["id"])
    return str(state.add(made)["id"])


def add_line(state: State, invoice: Obj, *, within: bool, **fields: Any) -> Obj:
    """`within`: tax is part of its amount. `fields`: amount, description, period, parent, …"""
    line = skeleton(
        "line_item",
        id=state.new_id("il"),
        currency=invoice["currency"],
        discountable=True,
        discounts=[],
        invoice=invoice["id"],
        livemode=False,
        subtotal=fields["amount"],
        **fields,
    )
    invoice["lines"]["data"].append(line)
    state.notes[invoice["id"]]["within"][line["id"]] = within
    recount(state, invoice)
    return line


def recount(state: State, invoice: Obj) -> None:
    lines, notes = invoice["lines"]["data"], state.notes[invoice["id"]]
    sums = totals(
        [(line["amount"], notes["within"][line["id"]]) for line in lines],
        currency=invoice["currency"],
        coupon=notes["coupon"],
        taxed=invoice["automatic_tax"]["enabled"],
    )
    for line, counted in zip(lines, sums.lines, strict=True):
        line["taxes"] = [_tax(counted)] if counted.tax else []
        line["discount_amounts"] = _discounted(invoice, counted.discount)
    due = max(0, sums.total)
    invoice.update(
        subtotal=sums.subtotal,
        subtotal_excluding_tax=sums.subtotal - sum(line.tax for line in sums.lines if line.is_tax_within),
        total=sums.total,
        total_excluding_tax=sums.total - sums.tax,
        total_taxes=[_tax(line) for line in sums.lines if line.tax],
        total_discount_amounts=_discounted(invoice, sums.discount),
        amount_due=due,
        amount_remaining=due,
    )


def _discounted(invoice: Obj, amount: int) -> list[Obj]:
    return [{"amount": amount, "discount": invoice["discounts"][0]}] if amount else []


def _tax(line: Line) -> Obj:
    return {
        "amount": line.tax,
        "tax_behavior": "inclusive" if line.is_tax_within else "exclusive",
        "tax_rate_details": {"tax_rate": "txr_standard"},
        "taxability_reason": "standard_rated",
        "taxable_amount": line.total - line.tax,
        "type": "tax_rate_details",
    }


def pricing(price: Obj) -> Obj:
    details = {"price": price["id"], "product": price["product"]}
    return {"price_details": details, "type": "price_details", "unit_amount_decimal": price["unit_amount_decimal"]}


def change(state: State, invoice: Obj, kind: str) -> None:
    """Tells what happened to it, and that it is another one now."""
    emit(state, kind, invoice)
    emit(state, "invoice.updated", invoice)
