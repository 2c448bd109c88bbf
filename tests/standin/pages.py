"""The pages that Stripe hosts: plain, for a person who tries the rail without keys."""

from collections.abc import Callable
from html import escape
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

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
    return page(standin, asking, named) if page else _page("Not found", "<p>There is no such page.</p>", status=404)


def _checkout(standin: "Standin", asking: Asking, named: str) -> Answer:
    session = standin.state.get("checkout.session", named)
    if session["status"] == "open":
        back = session["cancel_url"]
        link = f'<p><a href="{escape(back)}">Back without paying</a></p>' if back else ""
        buttons = {"pay": "Pay", "pay_late": "Pay by a method that takes days", "fail": "Try a card that is declined"}
        return _page("Checkout", _to_pay(session["amount_total"], session["currency"], buttons) + link)
    if standin.is_on_its_way(named):
        buttons = {"pay": "The money arrives", "fail": "The money does not arrive"}
        return _page("Checkout", _to_pay(session["amount_total"], session["currency"], buttons))
    return _page("Checkout", f"<p>This session is {session['status']}.</p>")


def _pay(standin: "Standin", asking: Asking, named: str) -> Answer:
    how = _field(asking, "how")
    act = {"pay_late": standin.pay_late, "fail": standin.fail}.get(how, standin.pay)
    session = act(named)
    to = session["success_url"] if session["status"] == "complete" and how != "fail" else asking.path
    return _redirect(str(to).replace("{CHECKOUT_SESSION_ID}", named))


def _invoice(standin: "Standin", asking: Asking, named: str) -> Answer:
    invoice = standin.state.get("invoice", named)
    if invoice["status"] != "open":
        return _page(f"Invoice {invoice['number']}", f"<p>This invoice is {invoice['status']}.</p>")
    return _page(
        f"Invoice {invoice['number']}", _to_pay(invoice["amount_remaining"], invoice["currency"], {"pay": "Pay"})
    )


def _pay_invoice(standin: "Standin", asking: Asking, named: str) -> Answer:
    standin.pay_invoice(named)
    return _redirect(f"/pay/i/{named}")


def _to_pay(amount: int, currency: str, buttons: dict[str, str]) -> str:
    """`buttons`: what each says, by what it does."""
    sum_of = f"{amount} {escape(currency.upper())} (minor units)"
    rows = "".join(f'<p><button name="how" value="{how}">{text}</button></p>' for how, text in buttons.items())
    return f'<p>To be paid: {sum_of}</p><form method="post">{rows}</form>'


def _field(asking: Asking, name: str) -> str:
    return parse_qs(asking.body.decode()).get(name, [""])[0]


def _onboarding(standin: "Standin", asking: Asking, named: str) -> Answer:
    try:
        link = standin.open_link(named)
    except Refusal as refusal:
        if "refresh_url" not in refusal.body["error"]:
            raise
        return _redirect(str(refusal.body["error"]["refresh_url"]))
    form = '<form method="post"><button>Complete</button></form>'
    return _page("Getting paid", f"<p>Recipient {escape(link['account'])}</p>{form}")


def _complete(standin: "Standin", asking: Asking, named: str) -> Answer:
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


PAGES: dict[tuple[str, str], Callable[["Standin", Asking, str], Answer]] = {
    ("GET", "pay/c"): _checkout,
    ("POST", "pay/c"): _pay,
    ("GET", "pay/i"): _invoice,
    ("POST", "pay/i"): _pay_invoice,
    ("GET", "connect"): _onboarding,
    ("POST", "connect"): _complete,
}
