"""How a scan goes: in windows if a file is long, on from where it ended, and past what is never answered for."""

import os

import pytest
from pytest_django import Settings

from ingestion.domain.windows import OVERLAP
from ingestion.models import Upload
from ingestion.services import scan_waiting
from tests.factories import ContributionFactory
from tests.integration.ingestion.clips import begun, completed, put, uploads_of
from tests.integration.ingestion.flow import uploaded
from tests.services.clamd import EICAR, STREAM_BYTES
from tests.services.jobs import run_all_jobs
from tests.services.scripted_scanner import scripted_scanner

pytestmark = pytest.mark.django_db(transaction=True)

MIB = 1024 * 1024
OK = b"stream: OK\0"


@pytest.mark.usefixtures("scanner")
@pytest.mark.parametrize("at", [0, MIB - 30, 2 * MIB - OVERLAP - 30, 3 * MIB])
def test_a_file_longer_than_a_stream_is_scanned_in_windows(at: int, settings: Settings) -> None:
    """Also across the end of a window: 1 MiB, then 64 KiB less than 2."""
    settings.SCANNER_STREAM_BYTES = MIB
    data = bytearray(os.urandom(3 * MIB + 1000))
    data[at : at + len(EICAR)] = EICAR
    assert uploaded(ContributionFactory(), "noise.bin", bytes(data)).state == "quarantined"


@pytest.mark.usefixtures("scanner")
def test_a_scanner_that_takes_less_than_was_said_scans_nothing(settings: Settings) -> None:
    settings.SCANNER_STREAM_BYTES = 2 * STREAM_BYTES
    upload = uploaded(ContributionFactory(), "noise.bin", os.urandom(STREAM_BYTES + MIB))
    assert (upload.state, upload.scan) == ("stored", "unscanned")


def test_a_long_scan_goes_on_where_it_ended(settings: Settings) -> None:
    settings.SCANNER_STREAM_BYTES, settings.SCANNER_SECONDS = MIB, 5
    data = os.urandom(3 * MIB)
    with scripted_scanner(OK, OK, None, OK, OK) as scanner:
        settings.SCANNER = scanner.address
        upload = uploaded(ContributionFactory(), "noise.bin", data)
        assert (upload.scan, upload.scanned_bytes) == ("unscanned", 2 * MIB - OVERLAP)
        scan_waiting()
    upload.refresh_from_db()
    assert (upload.scan, upload.scanned_bytes) == ("clean", 3 * MIB)
    begins = [0, MIB - OVERLAP, 2 * (MIB - OVERLAP), 3 * (MIB - OVERLAP)]
    assert scanner.streams == [data[begin : begin + MIB] for begin in begins]


def test_a_file_that_the_scanner_never_answers_for_does_not_stop_the_others(settings: Settings) -> None:
    contribution = ContributionFactory()
    for name in ("a", "b", "c"):
        uploaded(contribution, name, name.encode())
    settings.SCANNER_SECONDS = 5
    with scripted_scanner(None, OK, OK, None) as scanner:
        settings.SCANNER = scanner.address
        for _ in range(2):
            scan_waiting()
    assert scanner.streams == [b"b", b"c"]
    assert dict(Upload.objects.values_list("name", "scan")) == {"a": "unscanned", "b": "clean", "c": "clean"}


def test_a_batch_asks_a_scanner_that_failed_no_more(settings: Settings) -> None:
    """Or a scanner that is silent would hold up a hundred files one after the other."""
    contribution, files = ContributionFactory(), {"a.wav": b"a sound", "b.wav": b"another", "c.wav": b"a third"}
    answers = begun(contribution, files)
    put(answers, files)
    completed(contribution, uploads_of(answers))
    with scripted_scanner(None, OK, OK) as scanner:
        settings.SCANNER = scanner.address
        run_all_jobs()
    assert scanner.streams == []
    assert set(Upload.objects.values_list("state", "scan")) == {("stored", "unscanned")}
