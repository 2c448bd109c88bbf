"""What the malware scanner says of stored files, where there is one (`SCANNER`), and what follows from it."""

import time
from collections.abc import Sequence
from dataclasses import dataclass

import structlog
from django.conf import settings

from collective.catalog.models import Contribution
from collective.core.storage import incoming
from ingestion.domain.windows import windows
from ingestion.errors import FilesQuarantinedError, FilesUnscannedError, ScannerUnavailableError
from ingestion.gateways import clamd
from ingestion.models import Upload
from ingestion.selectors import files_read

log = structlog.get_logger()


@dataclass(frozen=True)
class Verdict:
    """`scan` as on an upload; of the file, `scanned_bytes` have been seen; `found` is the scanner's name for it."""

    scan: str = "off"
    scanned_bytes: int = 0
    found: str = ""


class ScanRound:
    """Several files one after the other, until the scanner fails to answer once, or the time is up."""

    def __init__(self, *, seconds: float) -> None:
        self.until = time.monotonic() + seconds
        self.failed = False

    @property
    def is_over(self) -> bool:
        return self.failed or time.monotonic() > self.until

    def look_at(self, upload: Upload) -> Verdict:
        """Raises ObjectNotFoundError."""
        if not scanner_is_on():
            return Verdict()
        done, found = upload.scanned_bytes, ""
        with incoming().open(upload.key) as file:
            for begin, end in windows(upload.size, done=done, length=settings.SCANNER_STREAM_BYTES):
                if self.is_over:
                    return Verdict("unscanned", done)
                try:
                    found = clamd.scan(file, begin=begin, end=end)
                except ScannerUnavailableError as error:
                    self.failed = True
                    log.warning("scanner.failed", upload=str(upload.pk), why=error.detail["why"])
                    return Verdict("unscanned", done)
                if found:
                    return Verdict("found", done, found)
                done = end
        return Verdict("clean", done)


def scanner_is_on() -> bool:
    return bool(settings.SCANNER != "off")


def check_scanned(contributions: Sequence[Contribution]) -> None:
    """Every file that their passed checks have read must be clean; without a scanner, nothing may have been found.

    Raises FilesQuarantinedError, FilesUnscannedError.
    """
    for contribution in contributions:
        file = files_read(contribution).filter(scan="found").first()
        if file is not None:
            raise FilesQuarantinedError(title=contribution.title, file=file.name)
    if scanner_is_on():
        _check_none_waits(contributions)


def _check_none_waits(contributions: Sequence[Contribution]) -> None:
    for contribution in contributions:
        waiting = files_read(contribution).exclude(scan="clean")
        first = waiting.order_by("created_at", "id").first()
        if first is not None:
            raise FilesUnscannedError(title=contribution.title, file=first.name, count=waiting.count())
