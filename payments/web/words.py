"""How orders, payouts and sponsorships read."""

from django.utils.translation import gettext_lazy as _

from collective.core.web.status import Status, register_status

register_status(
    "order",
    awaiting_payment=Status(
        _("not paid yet"), "attention", _("Nothing is charged yet. It ends when it is not paid in time.")
    ),
    authorized=Status(
        _("waits for approval"),
        "attention",
        _(
            "Nothing is charged yet. Your bank keeps the amount for at most 7 days: it is charged when the publisher "
            "approves your request for access, and let go when not."
        ),
    ),
    free=Status(_("free"), "good", _("There was nothing to pay. The license is active.")),
    paid=Status(_("paid"), "good", _("The payment has arrived and the license is active.")),
    partly_refunded=Status(_("partly refunded"), "neutral", _("Some of the money went back. The license stays.")),
    refunded=Status(_("refunded"), "neutral", _("All of the money went back.")),
    cancelled=Status(_("cancelled"), "neutral", _("Nothing was charged.")),
    expired=Status(_("ended unpaid"), "neutral", _("It was not paid, or not approved, in time. Nothing was charged.")),
)
register_status(
    "invoice",
    reserved=Status(_("being written"), "neutral", _("You get it in a moment.")),
    open=Status(_("to be paid"), "attention", _("The license becomes active when the payment has arrived.")),
    paid=Status(_("paid"), "good", _("The payment has arrived and the license is active.")),
    void=Status(_("void"), "neutral", _("Nobody owes it any more.")),
    uncollectible=Status(_("given up"), "neutral", _("It was not paid in time.")),
    returned=Status(_("paid too late"), "attention", _("What was paid goes back to whoever paid it.")),
    refused=Status(_("not possible"), "loss", _("The payment service could not write it. Nothing is owed.")),
)

register_status(
    "payout account",
    none=Status(_("not set up"), "attention", _("What is due waits until you say how to be paid.")),
    incomplete=Status(_("something is missing"), "attention", _("The payment service cannot pay you yet.")),
    active=Status(_("ready"), "good", _("What is due is sent once a week.")),
    restricted=Status(_("stopped"), "loss", _("The payment service does not pay to this account now.")),
)

register_status(
    "transfer",
    reserved=Status(_("on its way"), "neutral", _("It is sent, and not confirmed yet.")),
    sent=Status(_("sent"), "good", _("The payment service has it and pays it to your bank.")),
    failed=Status(_("not sent"), "attention", _("The payment service refused it. It is due again.")),
    reversed=Status(_("taken back"), "neutral", _("It came back whole, for a refund after you were paid.")),
)
register_status(
    "sponsorship",
    open=Status(_("open"), "good", _("It pays licenses of the researchers whom it approved.")),
    closed=Status(_("closed"), "neutral", _("No new licenses. What was left goes back to the sponsor.")),
)
register_status(
    "funding",
    reserved=Status(_("not paid yet"), "attention", _("The payment page was not opened yet.")),
    open=Status(_("not paid yet"), "attention", _("The payment has not arrived.")),
    paid=Status(_("in the budget"), "good", _("The payment has arrived.")),
    ended=Status(_("ended unpaid"), "neutral", _("Nothing was charged.")),
)
register_status(
    "sponsor approval",
    requested=Status(_("asks"), "attention", _("The sponsor decides next.")),
    approved=Status(_("approved"), "good", _("The budget pays, as far as it reaches.")),
    refused=Status(_("refused"), "neutral", _("The sponsor said why. They may ask again.")),
    withdrawn=Status(_("withdrawn"), "neutral", _("No new licenses. Those that were given stay.")),
)
register_status(
    "sponsor return",
    reserved=Status(_("on its way"), "attention", _("It goes back by the way that it came.")),
    done=Status(_("sent back"), "good", _("The payment service has sent it.")),
    refused=Status(
        _("waits for an operator"), "loss", _("The payment service refused. An operator finds another way.")
    ),
    failed=Status(_("waits for an operator"), "loss", _("It did not arrive. An operator finds another way.")),
)

register_status(
    "refund request",
    reserved=Status(_("on its way"), "neutral", _("The payment service has not confirmed it yet.")),
    awaiting_second=Status(_("waits for a second person"), "attention", _("It is above the limit for one operator.")),
    done=Status(_("given back"), "good", _("The buyer gets it from their bank.")),
    refused=Status(_("not given back"), "neutral", _("Nothing moved.")),
    failed=Status(_("came back"), "loss", _("The buyer's bank could not take it. Find another way.")),
)

register_status(
    "dispute",
    inquiry=Status(_("asked about"), "attention", _("The buyer's bank asks. No money moved.")),
    open=Status(_("open"), "attention", _("The bank has taken the money until it decides.")),
    won=Status(_("won"), "good", _("The money is back.")),
    lost=Status(_("lost"), "loss", _("The buyer has the money back.")),
    closed=Status(_("closed"), "neutral", _("The bank asked, and nothing followed.")),
)

register_status(
    "unapplied payment",
    waiting=Status(_("going back"), "neutral", _("It is sent back to whoever paid it.")),
    stuck=Status(_("stuck"), "loss", _("It could not be sent back. Find another way.")),
    returned=Status(_("sent back"), "good", _("Whoever paid it has it again.")),
)

register_status(
    "approval",
    waiting=Status(_("waits"), "attention", _("Another operator decides.")),
    approved=Status(_("approved"), "good", _("Two operators agreed.")),
    refused=Status(_("refused"), "neutral", _("Nothing moved.")),
)

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
    "balances": _("What is left"),
    "available": _("On the rail"),
    "needed": _("Owed to payees"),
}


def approval_word(kind: str) -> str:
    return str(APPROVALS.get(kind, kind))


def task_word(kind: str) -> str:
    return str(TASKS.get(kind, kind))


def difference_word(kind: str) -> str:
    return str(DIFFERENCES.get(kind, kind))


def facts_of(facts: dict[str, object]) -> list[tuple[str, str]]:
    """Of a task, in words."""
    rows = (
        (name, difference_word(str(value)) if name == "difference" else str(value)) for name, value in facts.items()
    )
    return [(str(FACTS.get(name, name)), value) for name, value in rows if value]
