"""How orders read."""

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
