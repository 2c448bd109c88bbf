"""How ingestion's states read."""

from django.utils.translation import gettext_lazy as _

from collective.core.web.status import Status, register_status

register_status(
    "upload",
    open=Status(_("unfinished"), "attention", _("Not all of it has arrived. Choose the same file again to go on.")),
    expired=Status(
        _("put away"),
        "attention",
        _("Nothing arrived for days. What did arrive is kept a while; choose the file again."),
    ),
    assembling=Status(_("being checked"), "attention", _("All of it has arrived. Every byte is compared now.")),
    stored=Status(_("stored"), "good", _("It arrived complete and unchanged.")),
    failed=Status(_("failed"), "loss", _("It did not arrive as it was sent. Remove it and send it again.")),
    quarantined=Status(_("quarantined"), "loss", _("The malware scanner found something in it. It will not be used.")),
)
register_status(
    "report",
    waiting=Status(_("waiting"), "attention", _("The check starts in a moment.")),
    running=Status(_("running"), "attention", _("The files are being read now.")),
    passed=Status(_("nothing to fix"), "good", _("All files can be read and fit together.")),
    problems=Status(_("something to fix"), "loss", _("The list says where and what to do.")),
    stopped=Status(_("stopped"), "loss", _("The check could not be finished. Submit again.")),
)
