"""How licensing's states read, and plain words in the reader's language."""

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from collective.core.web.status import Status, register_status
from licensing.domain.plain import PlainWords

register_status(
    "grant",
    active=Status(_("active"), "good", _("The data can be used and downloaded now.")),
    suspended=Status(_("suspended"), "loss", _("Downloads have stopped until the matter below is settled.")),
    expired=Status(_("ended"), "neutral", _("Its time is over. A new license can be taken.")),
    revoked=Status(_("revoked"), "loss", _("It was taken back. The reason is in its history.")),
)
register_status(
    "signing key",
    active=Status(_("active"), "good", _("It signs, and verifies.")),
    retired=Status(_("retired"), "neutral", _("It verifies what it signed, for ever.")),
    compromised=Status(_("compromised"), "loss", _("It is not accepted any more.")),
)
register_status(
    "offer",
    live=Status(_("live"), "good", _("Everybody who may see the dataset can take this license.")),
    retired=Status(_("ended"), "neutral", _("No new licenses under it. Those that were given stay.")),
)


def translated(words: PlainWords) -> PlainWords:
    """The sentences are generated in English in `domain/`; each is one message of the catalog."""
    return PlainWords(
        may=tuple(map(gettext, words.may)),
        must=tuple(map(gettext, words.must)),
        may_not=tuple(map(gettext, words.may_not)),
        only_for=gettext(words.only_for) if words.only_for else "",
    )
