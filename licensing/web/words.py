"""How licensing's states read, and plain words in the reader's language."""

from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from collective.core.web.status import Status, register_status
from licensing.domain.plain import PlainWords
from licensing.domain.sentences import Sentence, say

register_status(
    "grant",
    active=Status(_("active"), "good", _("The data can be used and downloaded now.")),
    suspended=Status(_("suspended"), "loss", _("Downloads have stopped until the matter below is settled.")),
    expired=Status(_("ended"), "neutral", _("Its time is over. A new license can be taken.")),
    revoked=Status(_("revoked"), "loss", _("It was taken back. The reason is in its history.")),
)
register_status(
    "quote",
    open=Status(_("waiting"), "attention", _("The publisher has not answered yet.")),
    answered=Status(_("answered"), "good", _("There is an offer for the one who asked.")),
    declined=Status(_("declined"), "neutral", _("The publisher gave a reason.")),
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
register_status(
    "withdrawal notice",
    notified=Status(_("told"), "attention", _("Nobody of the licensee has answered yet.")),
    acknowledged=Status(_("read"), "attention", _("The licensee has read it. The deletion is not confirmed yet.")),
    overdue=Status(_("overdue"), "loss", _("The deletion was not confirmed in time.")),
    attested=Status(_("deletion confirmed"), "good", _("The licensee has signed that all copies are deleted.")),
)

register_status(
    "ownership claim",
    filed=Status(_("filed"), "attention", _("Nobody has looked into it yet.")),
    under_review=Status(_("under review"), "attention", _("A steward or an operator looks into it.")),
    upheld=Status(_("upheld"), "loss", _("Sales and deliveries stopped, and what was not paid out waits.")),
    rejected=Status(_("rejected"), "neutral", _("It stands in nobody's way.")),
    withdrawn=Status(_("withdrawn"), "neutral", _("The claimant took it back.")),
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
    """The sentences are generated in English in `domain/`; the template of each is one message of the catalog."""
    language = get_language() or "en"

    def spoken(sentences: tuple[Sentence, ...]) -> tuple[Sentence, ...]:
        return tuple(say("{text}", text=each.spoken(gettext, language)) for each in sentences)

    who = words.only_for
    return PlainWords(
        may=spoken(words.may),
        must=spoken(words.must),
        may_not=spoken(words.may_not),
        only_for=who.spoken(gettext, language) if isinstance(who, Sentence) else who,
        also=spoken(words.also),
        price=spoken(words.price),
    )
