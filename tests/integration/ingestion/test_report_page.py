"""The report: a page and a JSON document of the same check, for those who may see the contribution, without what was
found."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from collective.catalog.models import Contribution
from ingestion.models import Piece, ValidationReport
from tests.factories import ContributionFactory, UserFactory
from tests.integration.ingestion.flow import declared, submitted, uploaded
from tests.unit.ingestion.makers import wav, zipped

pytestmark = pytest.mark.django_db(transaction=True)

KEY = "ghp_" + "a1B2" * 9
MAILS = b"".join(
    b'{"text": "write to ada%d@lovelace.io today", "kind": "letter", "n": %d}\n' % (n, n) for n in range(30)
)
PLAIN = b'{"text": "A morning at the market of our town", "kind": "talk", "n": 3}\n' * 5


def seen_by(contribution: Contribution) -> Client:
    client = Client()
    client.force_login(contribution.contributor)
    return client


def page_of(contribution: Contribution, part: str = "report/") -> str:
    return seen_by(contribution).get(f"/contributions/{contribution.pk}/{part}").content.decode()


def json_of(contribution: Contribution) -> dict[str, Any]:
    told: dict[str, Any] = seen_by(contribution).get(f"/api/v1/contributions/{contribution.pk}/report").json()
    return told


def test_what_was_found_is_told_by_file_and_row_and_never_repeated() -> None:
    contribution = ContributionFactory()
    submitted(contribution, ("plain.jsonl", PLAIN), ("mails.jsonl", MAILS))
    told = json_of(contribution)
    (finding,) = [each for each in told["findings"] if each["code"] == "email"]
    assert (finding["title"], finding["count"], finding["severity"]) == ("E-mail addresses", 30, "warning")
    assert finding["places"] == [{"file": "mails.jsonl", "rows": list(range(1, 21))}]
    assert finding["action"].startswith("Remove or replace it")
    columns = told["statistics"]["mails.jsonl"]["columns"]
    assert columns["text"]["withheld"]
    assert "top" not in columns["text"]
    assert columns["kind"]["top"] == [["letter", 30]]

    for shown in (page_of(contribution), page_of(contribution, ""), str(told)):
        assert "lovelace" not in shown
    page = page_of(contribution)
    assert "35 records in 2 files: nothing has to be fixed." in page
    assert "E-mail addresses" in page
    assert "rows 1, 2, 3, 4, 5, 6, 7, 8" in page
    assert "somebody&#x27;s data or a secret was found" in page


def test_what_blocks_is_told_with_place_and_remedy_and_dots_for_secrets() -> None:
    contribution = ContributionFactory()
    line = b'{"text": "my key is %s"\n' % KEY.encode()
    submitted(contribution, ("notes.jsonl", b'{"text": "one"}\n' + line))
    told = json_of(contribution)
    (error,) = told["errors"]
    assert (error["file"], error["row"], told["error_count"]) == ("notes.jsonl", 2, 1)
    assert KEY not in str(told)
    assert "my key is" in error["example"]
    page = page_of(contribution)
    assert "1 problem has to be fixed." in page
    assert "notes.jsonl" in page
    assert error["action"] in page.replace("&#x27;", "'").replace("&quot;", '"')
    assert KEY[:12] not in page


def test_problems_of_one_kind_are_one_line_with_the_others_folded() -> None:
    contribution = ContributionFactory()
    submitted(contribution, ("rows.csv", b"text,n\n" + b"alone\n" * 30))
    page = page_of(contribution)
    assert len(json_of(contribution)["errors"]) == 30
    assert page.count('<th scope="row"><bdi>rows.csv</bdi>, row 1,') == 1
    assert "29 more of this kind" in page
    assert "Row 30:" in page


def test_statistics_are_pictures_with_words_and_tables() -> None:
    contribution = ContributionFactory()
    rows = b"".join(b'{"n": %d, "said": "%s", "ok": %s}\n' % (n % 17, b"a" * n, b"true") for n in range(40))
    submitted(contribution, ("n.jsonl", rows))
    page = page_of(contribution)
    assert 'aria-label="Values: from 0 to 16, the middle one 6; most are' in page
    assert 'aria-label="Length in characters: from 0 to 39' in page
    assert page.count('role="img"') == 2
    assert page.count("<summary>As a table</summary>") == 2
    assert 'role="img"' not in page_of(contribution, "")


def test_recordings_are_measured_in_seconds() -> None:
    contribution = ContributionFactory()
    clips = {f"{n}.wav": wav(seconds=1 + n / 4, pitch=200.0 + n) for n in range(4)}
    listing = "file_name\n" + "".join(f"{name}\n" for name in clips)
    submitted(contribution, ("clips.zip", zipped({"metadata.csv": listing.encode(), **clips})))
    assert 'aria-label="Seconds: from 1 to 1.75' in page_of(contribution)


def running(contribution: Contribution, **told: Any) -> ValidationReport:
    """A check that was begun and is in the middle of its first file."""
    for name in ("a.jsonl", "b.jsonl"):
        upload = uploaded(contribution, name, PLAIN)
    declared(contribution)
    Contribution.objects.filter(pk=contribution.pk).update(state="validating")
    report = ValidationReport.objects.create(
        contribution=contribution,
        number=1,
        state="running",
        phase="reading",
        remaining=2,
        files_total=2,
        bytes_total=1000,
        **told,
    )
    for number, row in enumerate(contribution.uploads.order_by("name")):
        read = 300 if number == 0 else 0
        Piece.objects.create(
            report=report, upload=row, file_number=number, number=0, begin=0, end=upload.size, bytes_read=read
        )
    return report


def test_progress_in_words_and_numbers() -> None:
    contribution = ContributionFactory()
    began = timezone.now() - timedelta(seconds=100)
    running(contribution, started_at=began, rows_done=500, bytes_done=250, current_file="a.jsonl")
    progress = json_of(contribution)["progress"]
    assert (progress["phase"], progress["phase_text"], progress["percent"]) == ("reading", "Reading and checking", 25)
    assert (progress["rows_done"], progress["bytes_done"], progress["bytes_total"]) == (500, 250, 1000)
    assert 4.5 < progress["rows_per_second"] <= 5
    assert 290 < progress["seconds_left"] < 330

    shown = page_of(contribution, "check/")
    assert "500 records · 250 bytes of 1.0 kB · 0 of 2 files" in shown
    assert "about 5 minutes left" in shown
    assert shown.index("a.jsonl") < shown.index("b.jsonl")
    assert "The check goes on" in page_of(contribution)


def test_nothing_is_forecast_in_the_first_seconds_and_little_is_a_moment() -> None:
    contribution = ContributionFactory()
    report = running(contribution, started_at=timezone.now(), rows_done=5, bytes_done=900)
    assert json_of(contribution)["progress"]["seconds_left"] is None
    assert "is known in a few seconds" in page_of(contribution, "check/")
    ValidationReport.objects.filter(pk=report.pk).update(started_at=timezone.now() - timedelta(seconds=60))
    assert "a moment left" in page_of(contribution, "check/")


def test_a_screen_reader_hears_only_what_changed() -> None:
    contribution = ContributionFactory()
    running(contribution, started_at=timezone.now(), rows_done=5, bytes_done=250)
    first = page_of(contribution, "check/")
    assert "hx-swap-oob" in first
    assert "Reading and checking: 20 percent" in first
    assert "hx-swap-oob" not in page_of(contribution, "check/?said=Reading and checking: 20 percent")


def test_a_new_submission_does_not_show_what_the_last_one_did() -> None:
    contribution = ContributionFactory()
    submitted(contribution, ("rows.csv", b"text,n\nalone\n"))
    Contribution.objects.filter(pk=contribution.pk).update(state="submitted")
    shown = page_of(contribution)
    assert "Waiting for a free worker" in shown
    assert "alone" not in shown
    assert "Finished" not in shown


def test_columns_stand_in_the_order_of_the_file() -> None:
    contribution = ContributionFactory()
    submitted(contribution, ("z.csv", b"the_last_shall_be_first,b,a\n1,2,3\n4,5,6\n"), ("a.csv", b"b\n7\n"))
    page = page_of(contribution)
    assert "the_last_shall_be_first, b, a</td>" in page
    assert page.index("<h3><bdi>z.csv</bdi></h3>") < page.index("<h3><bdi>a.csv</bdi></h3>")


def test_the_end_draws_the_whole_page_again() -> None:
    contribution = ContributionFactory()
    submitted(contribution, ("plain.jsonl", PLAIN))
    answer = seen_by(contribution).get(f"/contributions/{contribution.pk}/check/")
    assert (answer.headers["HX-Refresh"], answer.content) == ("true", b"")
    assert json_of(contribution)["progress"]["phase_text"] == "Finished"


def test_a_stranger_sees_no_report() -> None:
    contribution = ContributionFactory()
    submitted(contribution, ("plain.jsonl", PLAIN))
    stranger = Client()
    stranger.force_login(UserFactory())
    assert stranger.get(f"/contributions/{contribution.pk}/report/").status_code == 404
    assert stranger.get(f"/api/v1/contributions/{contribution.pk}/report").status_code == 404


def test_the_document_is_described() -> None:
    schema = Client().get("/api/v1/schema?format=json").json()["components"]["schemas"]
    assert {"errors", "findings", "progress", "statistics", "warnings"} <= schema["ReportOutput"]["properties"].keys()
    assert "seconds_left" in schema["ProgressOutput"]["properties"]
