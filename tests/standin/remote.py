"""Control calls over HTTP, for programs: POST /_control/pay {"session": "cs_…"} is `Standin.pay(session="cs_…")`."""

import json
from typing import TYPE_CHECKING

from tests.standin.errors import Refusal
from tests.standin.pipeline import Answer, Asking

if TYPE_CHECKING:
    from tests.standin.standin import Standin

CALLS = {
    *("pay", "authorize", "pay_late", "fail", "pay_invoice", "fail_invoice", "fail_renewals"),
    *("open_dispute", "escalate_inquiry", "win_dispute", "lose_dispute", "fail_refund"),
    *("set_capability", "complete_onboarding", "change_destination", "close_account"),
    *("connected_balance", "pay_out", "pay_platform", "fail_payout"),
    *("advance", "arm", "disarm", "deliver"),
}


def controlled(standin: "Standin", asking: Asking) -> Answer:
    name = asking.path.removeprefix("/_control/")
    if asking.method == "GET" and name == "violations":
        return _json(200, standin.violations)
    if asking.method != "POST" or name not in CALLS:
        return _json(404, {"error": {"message": f"There is no control call {asking.method} {name}"}})
    try:
        return _json(200, getattr(standin, name)(**json.loads(asking.body or b"{}")))
    except Refusal as refusal:
        return _json(refusal.status, refusal.body)
    except (TypeError, ValueError) as problem:
        return _json(400, {"error": {"message": str(problem)}})


def _json(status: int, given: object) -> Answer:
    return Answer(status, json.dumps(given).encode())
