"""Files that were stored without a scan: the scanner was away, or there was none then."""

from django.db import transaction
from django.utils import timezone

from collective.core.states import WrongStateError
from collective.core.storage.errors import ObjectNotFoundError
from ingestion.models import Upload
from ingestion.services.files import push_totals
from ingestion.services.quarantine import quarantine, record_quarantine
from ingestion.services.scanning import ScanRound, Verdict, scanner_is_on

# A round is over before the next one begins.
PERIOD = 300
SECONDS = 240
MOST_AT_ONCE = 1000


def scan_waiting() -> None:
    """Job, every PERIOD: until the scanner fails to answer, or the time is up. What was tried goes to the end."""
    scans = ScanRound(seconds=SECONDS)
    waiting = Upload.objects.waiting_for_scan()[:MOST_AT_ONCE] if scanner_is_on() else []
    for upload in waiting:
        if scans.is_over:
            return
        try:
            verdict = scans.look_at(upload)
        except ObjectNotFoundError:  # removed at this moment; or lost, and then it is never known to be clean
            verdict = Verdict("unscanned")
        _write(upload, verdict)


@transaction.atomic
def _write(upload: Upload, verdict: Verdict) -> None:
    if not verdict.found:
        Upload.objects.filter(pk=upload.pk, state="stored").update(
            scan=verdict.scan, scanned_bytes=verdict.scanned_bytes, scan_tried_at=timezone.now()
        )
        return
    try:
        quarantine(upload, verdict.found)
    except WrongStateError:
        return  # it was removed while it was scanned
    push_totals(upload.contribution_id)
    record_quarantine(upload, verdict.found)
