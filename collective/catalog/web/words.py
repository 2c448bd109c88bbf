"""How the catalog's states read."""

from django.utils.translation import gettext_lazy as _

from collective.core.web.status import Status, register_status

register_status(
    "dataset",
    draft=Status(_("draft"), "neutral", _("Not in the catalog yet. It is listed when its first offer goes live.")),
    listed=Status(_("listed"), "good", _("Everybody can find it in the catalog.")),
    quarantined=Status(_("on hold"), "loss", _("An operator is looking at it. Nobody can read or license it now.")),
    withdrawn=Status(_("withdrawn"), "loss", _("Taken back by its steward. Nobody can license it any more.")),
)
register_status(
    "contribution",
    draft=Status(_("draft"), "neutral", _("Only the contributor sees it. Nothing is submitted yet.")),
    submitted=Status(_("submitted"), "attention", _("Waiting for its files to be checked. This takes minutes.")),
    validating=Status(_("being checked"), "attention", _("Its files are being read and checked now.")),
    needs_changes=Status(_("needs changes"), "loss", _("Something in the files must be fixed. The report says what.")),
    validated=Status(_("waiting for decision"), "attention", _("Its files are fine. The steward decides next.")),
    accepted=Status(_("accepted"), "good", _("It goes into the next version of the dataset.")),
    rejected=Status(_("not accepted"), "loss", _("The steward did not take it. The reason is on its page.")),
    withdrawn=Status(_("withdrawn"), "neutral", _("Taken back by the contributor. Nobody is served its records.")),
)
register_status(
    "version",
    building=Status(_("being built"), "attention", _("Its files are being written now.")),
    published=Status(_("published"), "good", _("Final. Its files never change.")),
    failed=Status(_("failed"), "loss", _("Building it did not work. The steward can try again.")),
    withdrawn_content=Status(_("replaced"), "neutral", _("A contributor took data back. Use the newest version.")),
    retracted=Status(_("retracted"), "loss", _("Taken back as a whole. Nobody is served its files.")),
)
