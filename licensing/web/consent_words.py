"""How consent reads."""

from collections.abc import Iterable

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from licensing.domain.actions import ACTION_CODES, PHRASES
from licensing.domain.consent import ConsentState, together

STATES = {
    "none": _("Nothing has been said yet."),
    "given": _("You allowed what is listed below. You can take it back at any time."),
    "asked": _("You are of age now, and your guardian's word ends. Say yourself what is allowed."),
    "withdrawn": _("You took it back. Nobody is served it any more."),
}
# The same, said to a guardian.
WARDS_STATES = {
    "none": _("Nothing has been said yet."),
    "given": _("What is listed below is allowed. You can take it back at any time."),
    "asked": _("The person is of age now and answers alone."),
    "withdrawn": _("It was taken back. Nobody is served it any more."),
}
EVENTS = {
    "requested": _("You were asked"),
    "given": _("You answered"),
    "refused": _("You said no"),
    "withdrawn": _("You took it back"),
    "expired": _("Your answer ran out"),
    "renewed": _("You answered again"),
    "invalidated": _("The answer did not count"),
}
ANSWERS = {"given": _("yes"), "refused": _("no")}


def allowed(states: Iterable[ConsentState]) -> str:
    """In one line of plain words."""
    state = together(list(states))
    if state.withdrawn:
        return gettext("You took it back.")
    phrases = [gettext(PHRASES[code]) for code in ACTION_CODES if state.allows(code)]
    return gettext("Others may: %s.") % "; ".join(phrases) if phrases else gettext("Nothing is allowed.")
