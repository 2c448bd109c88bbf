"""How orders and sponsorships read."""

from django.utils.translation import gettext_lazy as _

from collective.core.web.status import Status, register_status

register_status(
    "order",
    awaiting_payment=Status(_("not paid yet"), "attention", _("Nothing is charged. It ends after 24 hours.")),
    free=Status(_("free"), "good", _("There was nothing to pay. The license is active.")),
    paid=Status(_("paid"), "good", _("The payment has arrived and the license is active.")),
    partly_refunded=Status(_("partly refunded"), "neutral", _("Some of the money went back. The license stays.")),
    refunded=Status(_("refunded"), "neutral", _("All of the money went back.")),
    cancelled=Status(_("cancelled"), "neutral", _("Nothing was charged.")),
    expired=Status(_("ended unpaid"), "neutral", _("It was not paid within 24 hours. Nothing was charged.")),
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
    "approval",
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
