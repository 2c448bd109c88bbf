"""The pages that Stripe hosts: plain, for a person who tries the rail without keys."""

from collections.abc import Callable
from html import escape
from typing import TYPE_CHECKING

from tests.standin.errors import Refusal
from tests.standin.pipeline import Answer, Asking
from tests.standin.resources import account_links

if TYPE_CHECKING:
    from tests.standin.standin import Standin

HTML = {"Content-Type": "text/html; charset=utf-8"}


def shown(standin: "Standin", asking: Asking) -> Answer:
    try:
        return _shown(standin, asking)
    except Refusal as refusal:
        return _page("This is not possible", f"<p>{escape(str(refusal))}</p>", status=refusal.status)


def _shown(standin: "Standin", asking: Asking) -> Answer:
    *place, named = asking.path.strip("/").split("/")
    page = PAGES.get((asking.method, "/".join(place)))
    return page(standin, named) if page else _page("Not found", "<p>There is no such page.</p>", status=404)


def _checkout(standin: "Standin", named: str) -> Answer:
    session = standin.state.get("checkout.session", named)
    if session["status"] != "open":
        return _page("Checkout", f"<p>This session is {session['status']}.</p>")
    back = session["cancel_url"]
    link = f'<p><a href="{escape(back)}">Back without paying</a></p>' if back else ""
    return _page("Checkout", _to_pay(session["amount_total"], session["currency"]) + link)


def _pay(standin: "Standin", named: str) -> Answer:
    paid = standin.pay(named)
    return _redirect(str(paid["success_url"]).replace("{CHECKOUT_SESSION_ID}", named))


def _invoice(standin: "Standin", named: str) -> Answer:
    invoice = standin.state.get("invoice", named)
    if invoice["status"] != "open":
        return _page(f"Invoice {invoice['number']}", f"<p>This invoice is {invoice['status']}.</p>")
    return _page(f"Invoice {invoice['number']}", _to_pay(invoice["amount_remaining"], invoice["currency"]))


def _pay_invoice(standin: "Standin", named: str) -> Answer:
    standin.pay_invoice(named)
    return _redirect(f"/pay/i/{named}")


def _to_pay(amount: int, currency: str) -> str:
    sum_of = f"{amount} {escape(currency.upper())} (minor units)"
    return f'<p>To be paid: {sum_of}</p><form method="post"><button>Pay</button></form>'


def _onboarding(standin: "Standin", named: str) -> Answer:
    try:
        link = standin.open_link(named)
    except Refusal as refusal:
        if "refresh_url" not in refusal.body["error"]:
            raise
        return _redirect(str(refusal.body["error"]["refresh_url"]))
    form = '<form method="post"><button>Complete</button></form>'
    return _page("Getting paid", f"<p>Recipient {escape(link['account'])}</p>{form}")


def _complete(standin: "Standin", named: str) -> Answer:
    link = standin.state.get("v2.core.account_link", named)
    standin.complete_onboarding(link["account"])
    back = account_links.return_url(link)
    return _redirect(back) if back else _page("Getting paid", "<p>Everything is there.</p>")


def _redirect(to: str) -> Answer:
    return Answer(303, b"", {**HTML, "Location": to})


def _page(title: str, body: str, *, status: int = 200) -> Answer:
    note = "<p>This stands in for Stripe. No money moves.</p>"
    text = f'<!doctype html><html lang="en"><title>{title}</title><main><h1>{title}</h1>{note}{body}</main></html>'
    return Answer(status, text.encode(), HTML)


PAGES: dict[tuple[str, str], Callable[["Standin", str], Answer]] = {
    ("GET", "pay/c"): _checkout,
    ("POST", "pay/c"): _pay,
    ("GET", "pay/i"): _invoice,
    ("POST", "pay/i"): _pay_invoice,
    ("GET", "connect"): _onboarding,
    ("POST", "connect"): _complete,
}
