"""How requests for access read: their states, their events, the end of a day."""

from datetime import date, datetime, time, timedelta

from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from collective.core.web.status import Status, register_status
from licensing.models import AccessRequestEvent

register_status(
    "access request",
    open=Status(_("waiting for a decision"), "attention", _("The publisher of the dataset decides next.")),
    needs_information=Status(
        _("a question was asked"), "attention", _("The publisher needs to know more. The requester answers next.")
    ),
    approved=Status(_("approved"), "good", _("A license can be taken now.")),
    declined=Status(_("declined"), "loss", _("The reason is written below. One can ask again.")),
    withdrawn=Status(_("withdrawn"), "neutral", _("The requester took it back before a decision.")),
    expired=Status(_("over"), "neutral", _("The time of the approval is over. One can ask again.")),
    ended=Status(_("ended"), "loss", _("The publisher ended the approval. The reason is written below.")),
)

EVENTS = {
    "asked": _("Access was asked for"),
    "information_asked": _("The publisher asked a question"),
    "answered": _("The question was answered"),
    "approved": _("Approved"),
    "declined": _("Declined"),
    "withdrawn": _("The request was withdrawn"),
    "expired": _("The time of the approval is over"),
    "ended": _("The approval was ended"),
    "reminded": _("The publisher was reminded"),
    "expires_soon": _("A reminder was sent that the approval ends soon"),
}


def told(event: AccessRequestEvent) -> dict[str, object]:
    """A row of the timeline."""
    by_rule = event.kind == "approved" and event.actor is None
    title = gettext("Approved by a rule") if by_rule else str(EVENTS[event.kind])
    who = f"{title}: {event.actor}" if event.actor else title
    tone = "loss" if event.kind in ("declined", "ended") else ""
    return {"title": who, "at": event.at, "text": event.text, "tone": tone}


def end_of_day(day: date | None) -> datetime | None:
    """The first moment after it, where the instance is."""
    return timezone.make_aware(datetime.combine(day + timedelta(days=1), time())) if day else None
