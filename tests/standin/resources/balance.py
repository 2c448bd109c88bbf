"""The platform's balance and its transactions: docs.stripe.com/api/balance"""

from tests.standin.contract import skeleton
from tests.standin.ledger import pending_by_currency
from tests.standin.lists import matching, page
from tests.standin.routes import Call, Obj, route
from tests.standin.state import State


@route("GET", "/v1/balance")
def retrieve(state: State, call: Call) -> Obj:
    return skeleton(
        "balance",
        object="balance",
        livemode=False,
        available=_rows(state.available),
        pending=_rows(pending_by_currency(state)),
    )


def _rows(sums: dict[str, int]) -> list[Obj]:
    return [{"amount": amount, "currency": currency} for currency, amount in sorted(sums.items())]


@route("GET", "/v1/balance_transactions/{id}")
def transaction(state: State, call: Call) -> Obj:
    return state.get("balance_transaction", call.ids["id"])


@route("GET", "/v1/balance_transactions")
def transactions(state: State, call: Call) -> Obj:
    names = ("currency", "source", "type")
    return page(call, matching(state.all("balance_transaction"), call.params, *names))
