"""How the finance team's console names what it shows. A name that has no words yet appears as itself."""

from collections.abc import Mapping
from datetime import datetime

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from collective.core.domain.money import Money
from collective.core.web.status import status_of

APPROVALS = {"refund": _("A refund"), "write_off": _("A debt written off"), "correction": _("A correction")}
TASKS = {
    "refund_failed": _("A refund came back"),
    "refund_refused": _("A refund was refused"),
    "unapplied_stuck": _("Money that belongs to no order"),
    "dispute": _("A dispute"),
    "difference": _("The ledger and the rail differ"),
    "ledger": _("The ledger contradicts itself"),
    "transfer_unclear": _("A transfer without an answer"),
    "low_balance": _("Too little money on the rail"),
    "invoice": _("An invoice that is not as it should be"),
    "account_closed": _("A payee whose account is closed"),
}
DIFFERENCES = {
    "missing_in_ledger": _("Not in the ledger"),
    "missing_on_rail": _("Not on the rail"),
    "amount_differs": _("Another amount"),
    "fee_differs": _("Another fee"),
    "unknown_kind": _("A kind that we do not know"),
    "balance_differs": _("Another balance"),
}
FACTS = {
    "difference": _("Difference"),
    "reference": _("Reference"),
    "ledger": _("In the ledger"),
    "rail": _("On the rail"),
    "said": _("The payment service said"),
    "amount": _("Amount"),
    "rule": _("Rule"),
    "violation": _("What is wrong"),
    "since": _("Since"),
    "number": _("Number"),
    "invoice": _("Invoice on the rail"),
    "available": _("On the rail"),
    "needed": _("Needed for payees"),
    "balances": _("Balances"),
    "sponsorship": _("Sponsorship"),
    "payment": _("Payment on the rail"),
    "state": _("State"),
    "return": _("Money back to a sponsor"),
}
PARTS = {
    "held": _("held"),
    "due": _("payable"),
    "in_transit": _("on the way"),
    "owed": _("to be repaid"),
}
RAILS = {"embedded": _("simulated"), "stripe": _("Stripe"), "sponsorship": _("a sponsor's budget")}
# By the code of the error that was in the way.
WHY = {
    "wrong_state": _("The order was paid or ended before."),
    "payment_mismatch": _("It is not the amount of the order."),
    "version_gone": _("What was ordered cannot be had any more."),
    "not_a_period": _("The subscription has no such period."),
    "subscription_over": _("The subscription had ended."),
    "period_over": _("The period was over."),
    "already_licensed": _("The licensee had this license already."),
    "not_renewed": _("The license is suspended."),
    "exclusive_taken": _("Somebody else has the exclusive license."),
    "exclusive_blocked": _("Others have licenses that an exclusive one would overlap with."),
    "coupon_used_up": _("Others used the coupon up."),
}


def approval_word(kind: str) -> str:
    return str(APPROVALS.get(kind, kind))


def task_word(kind: str) -> str:
    return str(TASKS.get(kind, kind))


def difference_word(kind: str) -> str:
    return str(DIFFERENCES.get(kind, kind))


def rail_word(name: str) -> str:
    return str(RAILS.get(name, name))


def why_word(code: str) -> str:
    return str(WHY.get(code, code.replace("_", " ")))


def facts_of(facts: Mapping[str, object]) -> list[tuple[str, str]]:
    """Of a task, in words, and in one order: PostgreSQL keeps names by their length."""
    order = {name: place for place, name in enumerate(FACTS)}
    rows = ((name, _fact(name, facts[name])) for name in sorted(facts, key=lambda name: order.get(name, len(order))))
    return [(str(FACTS.get(name, name)), value) for name, value in rows if value]


def _fact(name: str, value: object) -> str:
    if name == "balances" and isinstance(value, Mapping):
        return ", ".join(_balance(name, minor) for name, minor in value.items())
    if name == "difference":
        return difference_word(str(value))
    if name == "state":
        return str(status_of("dispute", str(value)).word)
    if name == "since":
        return date_format(localtime(datetime.fromisoformat(str(value))), "j F Y, H:i e")
    return str(value)


def _balance(name: str, minor: int) -> str:
    """`due EUR` and minor units."""
    part, _space, currency = name.partition(" ")
    return f"{PARTS.get(part, part)} {Money(abs(minor), currency)}"
