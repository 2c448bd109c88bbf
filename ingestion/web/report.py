"""A contribution's report as a page of its own, and the same parts for the contribution's page."""

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from collective.catalog.models import Contribution
from collective.catalog.selectors import contribution_for
from collective.core.web.sizes import count_text, duration_text
from ingestion.models import ValidationReport
from ingestion.selectors import latest_report, report_for
from ingestion.web.found import finding_groups, languages_found, problems_alike
from ingestion.web.places import statistics_in_order
from ingestion.web.plots import bar_lists, histograms, share_text
from ingestion.web.progress import check_steps, file_progress, spoken_progress
from ingestion.web.secrets import SecretsForm, is_acknowledged, secrets_context
from ingestion.web.similar import similar_context

CHECKED = ("submitted", "validating")
# The page stays readable; the JSON document has everything.
FILES_SHOWN, FILES_DRAWN, COLUMNS_DRAWN = 50, 5, 40


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest, contribution_id: UUID) -> HttpResponse:
    """The page; and, of secrets that were found, the steward's answer."""
    contribution = contribution_for(request.user, contribution_id)
    found = report_for(request.user, contribution_id)
    form = SecretsForm(request.POST or None)
    if request.method == "POST" and is_acknowledged(request, contribution, form):
        return redirect("ingestion:report", contribution.pk)
    context = {
        **check_context(contribution),
        **secrets_context(request, contribution, found, form),
        **similar_context(request, contribution),
    }
    if not context["checking"]:
        context["statistics"] = file_statistics(found)
        context["more_statistics"] = max(0, len(found.statistics) - FILES_DRAWN)
    return render(request, "ingestion/report.html", context)


def check_context(contribution: Contribution) -> dict[str, Any]:
    """For `_check.html`: progress while it runs, then what was found."""
    found = latest_report(contribution)
    running = contribution.state in CHECKED
    shown = _progress(found) if running else _found(found) if found else {}
    return {"contribution": contribution, "report": found, "checking": running, **shown}


def file_statistics(report: ValidationReport) -> list[dict[str, Any]]:
    """Column by column, of the first files."""
    return [
        {
            "name": name,
            "columns": [_column(*each) for each in list(totals["columns"].items())[:COLUMNS_DRAWN]],
            "more": max(0, len(totals["columns"]) - COLUMNS_DRAWN),
        }
        for name, totals in statistics_in_order(report, FILES_DRAWN)
    ]


def summary(report: ValidationReport) -> str:
    """What was found, in one sentence."""
    if report.state == "stopped":
        return _("The check could not be finished.")
    looked = sum(each["severity"] == "warning" for each in report.findings) + len(report.warnings)
    return " ".join([_problems(report) if report.error_count else _all_well(report), _to_look_at(looked)]).strip()


def _problems(report: ValidationReport) -> str:
    text = ngettext("%s problem has to be fixed.", "%s problems have to be fixed.", report.error_count)
    return text % count_text(report.error_count)


def _all_well(report: ValidationReport) -> str:
    return _("%(records)s in %(files)s: nothing has to be fixed.") % {
        "records": ngettext("%s record", "%s records", report.rows_done) % count_text(report.rows_done),
        "files": ngettext("%s file", "%s files", report.files_total) % count_text(report.files_total),
    }


def _to_look_at(count: int) -> str:
    text = ngettext("Please look at %s point.", "Please look at %s points.", count)
    return text % count_text(count) if count else ""


def _progress(report: ValidationReport | None) -> dict[str, Any]:
    """A report that has ended is the one before; this submission's is not begun."""
    begun = report if report and report.is_running else None
    return {"steps": check_steps(begun), "spoken": spoken_progress(begun), "file_steps": file_progress(begun)}


def _found(report: ValidationReport) -> dict[str, Any]:
    return {
        "summary": summary(report),
        "problems": problems_alike(report.errors),
        "warnings": problems_alike(report.warnings),
        "groups": finding_groups(report),
        "languages": languages_found(report),
        "report_files": _files(report),
        "more_files": max(0, len(report.statistics) - FILES_SHOWN),
        "more_errors": max(0, report.error_count - len(report.errors)),
    }


def _files(report: ValidationReport) -> list[dict[str, Any]]:
    """What each file was found to hold: rows, length of recordings, columns."""
    return [
        {
            "name": name,
            "rows": totals.get("rows", 0),
            "length": duration_text(totals["seconds"]) if totals.get("seconds") else "",
            "columns": ", ".join(totals["columns"]),
        }
        for name, totals in statistics_in_order(report, FILES_SHOWN)
    ]


def _column(name: str, told: dict[str, Any]) -> dict[str, Any]:
    return {
        "name": name,
        "dtype": told["dtype"],
        "nulls": told["nulls"],
        "empty": share_text(told["nulls"], told["count"]),
        "empty_width": round(100 * told["nulls"] / told["count"], 2) if told["count"] else 0,
        "histograms": histograms(told),
        "lists": bar_lists(told),
    }
