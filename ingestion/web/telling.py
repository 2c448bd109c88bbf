"""Turning rows into what the workspace shows: steps of a check, what a file holds, what happened when."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from collective.catalog.models import Contribution, DatasetVersion
from collective.core.web.sizes import bytes_text, count_text, duration_text
from ingestion.models import ValidationReport, VersionBuild


def check_steps(report: ValidationReport | None) -> list[dict[str, Any]]:
    """For the progress list: waiting, reading, finished."""
    if report is None or report.state == "waiting":
        return [{"label": _("Your files wait for a free worker"), "state": "now"}]
    label = _("Reading %s") % report.current_file if report.current_file else _("Reading the files")
    return [
        {
            "label": label,
            "state": "now",
            "max": report.bytes_total,
            "value": min(report.bytes_done, report.bytes_total),
            "detail": _read_so_far(report),
        },
        {"label": _("The report, with what to fix if anything"), "state": "waiting"},
    ]


def report_files(report: ValidationReport) -> list[dict[str, Any]]:
    """What each file was found to hold: rows, length of recordings, columns."""
    return [
        {
            "name": name,
            "rows": totals.get("rows", 0),
            "length": duration_text(totals["seconds"]) if totals.get("seconds") else "",
            "columns": ", ".join(f"{column} ({each['dtype']})" for column, each in totals.get("columns", {}).items()),
        }
        for name, totals in report.statistics.items()
    ]


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


def _read_so_far(report: ValidationReport) -> str:
    return _("%(rows)s records, %(read)s of %(total)s") % {
        "rows": count_text(report.rows_done),
        "read": bytes_text(report.bytes_done),
        "total": bytes_text(report.bytes_total),
    }
