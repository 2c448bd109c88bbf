"""How orders and payouts read."""

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
