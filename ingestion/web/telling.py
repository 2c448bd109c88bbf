"""Turning rows into what the workspace shows: what happened when, steps of a build, words of the uploader."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from collective.catalog.models import Contribution, DatasetVersion
from collective.core.web.sizes import count_text
from ingestion.models import VersionBuild


def timeline(contribution: Contribution) -> list[dict[str, Any]]:
    """Newest first."""
    held = DatasetVersion.objects.filter(holdings__contribution=contribution).exclude(published_at=None)
    events: list[dict[str, Any]] = [
        {"title": _("Published in version %s") % version.number, "at": version.published_at} for version in held
    ]
    decision = _("Not accepted") if contribution.state == "rejected" else _("Accepted")
    events += [
        {"title": _("Started"), "at": contribution.created_at},
        {"title": _("Submitted"), "at": contribution.submitted_at},
        {"title": decision, "at": contribution.decided_at, "text": contribution.decision_reason},
        {"title": _("Withdrawn"), "at": contribution.withdrawn_at, "tone": "loss"},
    ]
    for report in contribution.reports.exclude(finished_at=None):
        title = _("Checked: nothing to fix") if report.state == "passed" else _("Checked: something to fix")
        events.append({"title": title, "at": report.finished_at})
    return sorted((event for event in events if event["at"]), key=lambda event: event["at"], reverse=True)


def build_steps(version: DatasetVersion, build: VersionBuild | None) -> list[dict[str, Any]]:
    """For the progress list: files written, documents and seal."""
    done, total = (build.done_count, build.shard_count) if build else (0, 0)
    failed = version.state == "failed"
    sealed = version.published_at is not None
    writing = "done" if total and done == total else "failed" if failed else "now"
    sealing = (
        "done" if sealed else "failed" if failed and writing == "done" else "now" if writing == "done" else "waiting"
    )
    detail = ngettext("%(done)s of %(total)s file", "%(done)s of %(total)s files", total)
    return [
        {
            "label": _("Writing the data files"),
            "state": writing,
            "max": total,
            "value": done,
            "detail": detail % {"done": count_text(done), "total": count_text(total)},
        },
        {"label": _("Counting, describing and sealing"), "state": sealing},
    ]


def uploader_words() -> dict[str, str]:
    """What the uploader says; %…% are filled in by its script."""
    return {
        "preparing": _("Looking at the file…"),
        "sending": _("%done% of %total%"),
        "rate": _("%rate% per second, %left% left"),
        "many": _("%count% files"),
        "files": _("%done% of %count% files"),
        "partly": _("%count% of these files could not be taken; the others arrived."),
        "paused": _("Paused at %done% of %total%. Nothing is lost."),
        "checking": _("All of it has arrived. Every byte is being compared…"),
        "retrying": _("The connection is lost. Trying again in %seconds% seconds; what arrived is kept."),
        "offline": _("You are offline. It goes on when the connection is back; what arrived is kept."),
        "pause": _("Pause"),
        "resume": _("Go on"),
        "retry": _("Try again"),
        "cancel": _("Cancel"),
        "close": _("Remove from the list"),
        "seconds": _("%n% seconds"),
        "minutes": _("about %n% minutes"),
        "hours": _("about %n% hours"),
        "unknown": _("This file could not be sent: %why%"),
        "unreadable": _("Your browser cannot read this file any more. Choose it again."),
        "leaving": _("Files are still being sent."),
    }
