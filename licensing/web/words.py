"""How licensing's states read, and plain words in the reader's language."""

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from collective.core.web.status import Status, register_status
from licensing.domain.plain import PlainWords

register_status(
    "grant",
    active=Status(_("active"), "good", _("You can use and download the data now.")),
    suspended=Status(_("suspended"), "loss", _("Downloads have stopped until the matter below is settled.")),
    expired=Status(_("ended"), "neutral", _("Its time is over. A new license can be taken.")),
    revoked=Status(_("revoked"), "loss", _("It was taken back. The reason is in its history.")),
)
register_status(
    "offer",
    live=Status(_("live"), "good", _("Everybody who may see the dataset can take this license.")),
    retired=Status(_("ended"), "neutral", _("No new licenses under it. Those that were given stay.")),
)
register_status(
    "withdrawal notice",
    notified=Status(_("told"), "attention", _("Nobody of the licensee has answered yet.")),
    acknowledged=Status(_("read"), "attention", _("The licensee has read it. The deletion is not confirmed yet.")),
    overdue=Status(_("overdue"), "loss", _("The deletion was not confirmed in time.")),
    attested=Status(_("deletion confirmed"), "good", _("The licensee has signed that all copies are deleted.")),
)

register_status(
    "combination",
    allow=Status(_("yes"), "good"),
    allow_with_obligations=Status(_("yes, with duties"), "good"),
    needs_review=Status(_("not clear"), "attention", _("A person must read the license before anybody says yes.")),
    internal_only=Status(_("only for yourself"), "loss", _("You may make it, and you may not publish it.")),
    deny=Status(_("no"), "loss"),
)


def translated(words: PlainWords) -> PlainWords:
    """The sentences are generated in English in `domain/`; each is one message of the catalog."""
    return PlainWords(
        may=tuple(map(gettext, words.may)),
        must=tuple(map(gettext, words.must)),
        may_not=tuple(map(gettext, words.may_not)),
        only_for=gettext(words.only_for) if words.only_for else "",
    )
