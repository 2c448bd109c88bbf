"""A check that runs, in words: what is being done, how far it is, how fast, how long it still takes."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Sum
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from collective.core.web.sizes import bytes_text, count_text, duration_text
from ingestion.domain.progress import Pace, pace
from ingestion.models import ValidationReport

PHASES: dict[str, str | Promise] = {
    "reading": gettext_lazy("Reading and checking"),
}
A_MOMENT_SECONDS = 10
# So many files are shown one by one: those that are being read first.
FILES_SHOWN = 12
SPOKEN_STEP = 10


@dataclass(frozen=True)
class FileProgress:
    name: str
    state: str
    rows: int
    read: int
    size: int


def pace_of(report: ValidationReport) -> Pace | None:
    """None unless it runs, and in the first seconds."""
    if report.state != "running":
        return None
    return pace(
        started_at=report.started_at,
        now=timezone.now(),
        rows_done=report.rows_done,
        bytes_done=report.bytes_done,
        bytes_total=report.bytes_total,
    )


def phase_text(report: ValidationReport | None) -> str:
    if report is None or report.state == "waiting":
        return _("Waiting for a free worker")
    if report.state != "running":
        return _("Finished")
    if not report.remaining:
        return _("Putting the report together")
    return str(PHASES.get(report.phase, _("Working")))


def check_steps(report: ValidationReport | None) -> list[dict[str, Any]]:
    """Waiting, reading, report. Always three, so that nothing on the page moves."""
    running = report is not None and report.state == "running"
    read = report is not None and running and not report.remaining
    reading = "done" if read else "now" if running else "waiting"
    return [
        {"label": _("Waiting for a free worker"), "state": "done" if running else "now"},
        {"label": str(PHASES["reading"]), "state": reading, **_reading(report if running else None)},
        {"label": _("Putting the report together"), "state": "now" if read else "waiting"},
    ]


def spoken_progress(report: ValidationReport | None) -> str:
    """For screen readers, and the same for a while: a live region that changes each second is only noise."""
    if report is None or report.state != "running" or not report.remaining:
        return phase_text(report)
    tens = report.percent // SPOKEN_STEP * SPOKEN_STEP
    return _("%(phase)s: %(percent)d percent") % {"phase": phase_text(report), "percent": tens}


def file_progress(report: ValidationReport | None) -> list[FileProgress]:
    """Files in the order of what people wait for: being read, waiting, done. None for a single file."""
    if report is None or report.files_total < 2:
        return []
    pieces = report.pieces.values_list("file_number", "upload__name", "upload__size").order_by("file_number")
    counted = pieces.annotate(Count("id"), Count("done_at"), Sum("rows"), Sum("bytes_read"))
    files = [
        FileProgress(name, _state(total, done, read), rows, read, size)
        for _number, name, size, total, done, rows, read in counted
    ]
    return sorted(files, key=lambda file: ("now", "waiting", "done").index(file.state))[:FILES_SHOWN]


def left_text(seconds: float) -> str:
    """8 → `a moment`; 95 → `about 2 minutes`."""
    return _("a moment") if seconds < A_MOMENT_SECONDS else duration_text(seconds)


def _state(pieces: int, done: int, read: int) -> str:
    return "done" if done == pieces else "now" if done or read else "waiting"


def _reading(report: ValidationReport | None) -> dict[str, Any]:
    if report is None:
        return {"max": 1, "value": 0, "detail": _("Nothing was read yet."), "speed": ""}
    return {
        "max": max(1, report.bytes_total),
        "value": min(report.bytes_done, report.bytes_total),
        "detail": _read_so_far(report),
        "speed": _speed(pace_of(report)),
    }


def _read_so_far(report: ValidationReport) -> str:
    records = ngettext("%(rows)s record", "%(rows)s records", report.rows_done) % {"rows": count_text(report.rows_done)}
    files = ngettext("%(done)s of %(all)s file", "%(done)s of %(all)s files", report.files_total) % {
        "done": count_text(report.files_done),
        "all": count_text(report.files_total),
    }
    read = _("%(read)s of %(total)s") % {
        "read": bytes_text(report.bytes_done),
        "total": bytes_text(report.bytes_total),
    }
    return f"{records} · {read} · {files}"


def _speed(known: Pace | None) -> str:
    if known is None:
        return _("How long it takes is known in a few seconds.")
    return _("%(rows)s records and %(bytes)s per second, %(left)s left") % {
        "rows": count_text(round(known.rows_per_second)),
        "bytes": bytes_text(round(known.bytes_per_second)),
        "left": left_text(known.seconds_left),
    }
