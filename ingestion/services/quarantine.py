"""Files in which the malware scanner found something: nothing reads them again, and no check passes with them."""

from typing import Any

from django.db.models import Q
from django.utils import timezone

from collective.core import audit
from ingestion.domain.problems import Problem, in_file
from ingestion.models import Upload, ValidationReport

FOUND = "The malware scanner found “{found}” in this file."
REMOVE = "It will not be used. Remove it, and look after the computer that it comes from."


def quarantine(upload: Upload, found: str, **changes: Any) -> None:
    """In the caller's transaction. It is forgotten three weeks from now, unless its contributor removes it before."""
    problem = f"{FOUND.format(found=found)} {REMOVE}"
    upload.transition_to("quarantined", scan="found", problem=problem, active_at=timezone.now(), **changes)


def record_quarantine(upload: Upload, found: str) -> None:
    """Precondition: the caller's transaction has pushed the totals, because the audit trail is locked last."""
    audit.record(actor=None, action="ingestion.file_quarantined", obj=upload, found=found, sha256=upload.sha256)


def quarantine_problems(report: ValidationReport) -> list[dict[str, Any]]:
    """Of files that lie in quarantine, and of those that this check read before anything was found in them."""
    read = report.pieces.filter(upload__scan="found").values("upload")
    theirs = report.contribution.uploads.filter(Q(state="quarantined") | Q(pk__in=read))
    return [
        each
        for upload in theirs.order_by("created_at", "id")
        for each in in_file([Problem("file_quarantined", "The malware scanner found something.", REMOVE)], upload.name)
    ]
