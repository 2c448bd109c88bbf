"""A broken file gives a report that says where and what to do; nothing is lost, and the file can be replaced."""

import io
from collections.abc import Callable

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from collective.catalog.models import Contribution
from collective.catalog.services import submit_contribution
from collective.core.storage import incoming
from ingestion.models import PreparedObject, Upload, ValidationReport
from ingestion.selectors import latest_report
from tests.factories import ContributionFactory
from tests.integration.ingestion.flow import submitted, uploaded
from tests.services.jobs import run_all_jobs
from tests.unit.ingestion.makers import png, png_header, tarred, wav, zipped

# What a file says decides here, wherever it lies and whatever keeps the findings.
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.once]

GOOD = b'{"text": "one", "n": 1}\n{"text": "two", "n": 2}\n'


def parquet_bomb() -> bytes:
    """A few kilobytes that unpack to more than the limit: one text, repeated by dictionary."""
    target = io.BytesIO()
    rows = pa.DictionaryArray.from_arrays(pa.array([0] * 200_000, pa.int32()), pa.array(["x" * 100_000]))
    pq.write_table(pa.table({"text": rows}), target, store_schema=False)
    return target.getvalue()


CASES: list[tuple[str, bytes | Callable[[], bytes], str, int | None, str | None]] = [
    ("a.jsonl", b'{"text": "one"}\n{broken\n', "invalid_json", 2, None),
    ("a.jsonl", b'{"text": "one"}\n"two"\n', "not_an_object", 2, None),
    ("a.jsonl", b'{"text": "one"}\n{"text": 2}\n', "type_conflict", 2, "text"),
    ("a.jsonl", b'{"n": 9223372036854775808}\n', "number_too_large", 1, "n"),
    ("a.jsonl", b'{"n": NaN}\n', "invalid_json", 1, None),
    ("a.jsonl", b'{"a": "\\ud800"}\n', "invalid_unicode", 1, None),
    ("a.jsonl", b'{"a": ' + b"[" * 70 + b"]" * 70 + b"}\n", "too_deep", 1, "a"),
    ("a.jsonl", b'{"a": ' + b"[" * 100_000 + b"]" * 100_000 + b"}\n", "too_deep", 1, None),
    ("a.jsonl", b'{"text": "' + b"x" * (16 * 1024 * 1024) + b'"}\n', "line_too_long", 1, None),
    ("a.jsonl", b'{"record_id": "mine"}\n', "column_name", None, "record_id"),
    ("a.jsonl", b'{"text": "one"}\n{"text": "\xff"}\n', "not_utf8", 2, None),
    ("a.csv", b"text,n\none,1\ntwo\n", "field_count", 2, "n"),
    ("a.csv", b"text,text\none,1\n", "column_name", None, "text"),
    ("a.csv", b"text,\none,1\n", "column_name", None, None),
    ("a.csv", b'text\n"one\n', "invalid_csv", 1, None),
    ("a.csv", b"text\n" + b"x" * 200_000 + b"\n", "invalid_csv", 1, None),
    ("a.csv", b"text\n", "empty", None, None),
    ("a.csv", b"\x80\x04\x95pickle", "refused_format", None, None),
    ("a.parquet", b"PAR1 this is not Parquet PAR1", "invalid_parquet", None, None),
    ("a.parquet", parquet_bomb, "expands_too_much", None, None),
    ("a.wav", wav()[:-100], "unreadable_media", None, None),
    ("a.zip", zipped({"a.csv": b"text\nhi\n", "b.csv": b"text\nhi\n"}), "tables_in_archive", None, None),
    ("a.zip", zipped({"metadata.csv": b"file_name\na.wav\n"}), "no_media", None, None),
    ("a.zip", zipped({"metadata.csv": b"name\na.wav\n", "a.wav": wav()}), "no_file_name", None, "file_name"),
    ("a.zip", zipped({"metadata.csv": b"file_name\nb.wav\n", "a.wav": wav()}), "missing_file", 1, "file_name"),
    ("a.zip", zipped({"metadata.csv": b"file_name\na.wav\na.wav\n", "a.wav": wav()}), "duplicate_row", 2, "file_name"),
    ("a.zip", zipped({"metadata.csv": b"file_name\na.wav\n", "a.wav": wav()[:-100]}), "unreadable_media", None, None),
    ("a.zip", zipped({"metadata.csv": b"file_name\na.png\n", "a.png": png()[:-20]}), "unreadable_media", None, None),
    (
        "a.zip",
        zipped({"metadata.csv": b"file_name\na.png\n", "a.png": png_header(20_000, 20_000)}),
        "unreadable_media",
        None,
        None,
    ),
    ("a.zip", zipped({"metadata.csv": b"file_name\na\nb\n", "a": wav(), "b": png()}), "mixed_media", None, None),
    ("a.zip", zipped({"metadata.csv": b"file_name\na\n", "a": zipped({"x": b"y"})}), "nested_archive", None, None),
    ("a.tar", tarred({"metadata.csv": b"file_name\na\n", "a": b"\x7fELF"}), "refused_format", None, None),
    ("a.tar", tarred({"../metadata.csv": b"file_name\n"}), "unsafe_archive_member", None, None),
]


@pytest.mark.parametrize(
    ("name", "data", "code", "row", "column"), CASES, ids=[f"{c[2]}-{n}" for n, c in enumerate(CASES)]
)
def test_a_broken_file_is_reported_by_place(
    name: str, data: bytes | Callable[[], bytes], code: str, row: int | None, column: str | None
) -> None:
    contribution = ContributionFactory()
    report = submitted(contribution, (name, data if isinstance(data, bytes) else data()))
    first = report.errors[0]
    assert (report.state, contribution.state) == ("problems", "needs_changes")
    assert (first["code"], first["file"], first["column"]) == (code, name, column)
    if row is not None:
        assert first["row"] == row
    assert first["message"]
    assert first["action"]
    assert not PreparedObject.objects.exists()
    upload = Upload.objects.get()
    with incoming().open(upload.key) as stored:
        assert len(stored.read()) == upload.size


def test_the_broken_file_is_replaced_and_submitted_again() -> None:
    contribution = ContributionFactory()
    submitted(contribution, ("good.jsonl", GOOD), ("bad.csv", b"text,n\none\n"))
    assert contribution.state == "needs_changes"

    uploaded(contribution, "bad.csv", b"text,n\nthree,3\n")
    submit_contribution(actor=contribution.contributor, contribution_id=contribution.pk)
    run_all_jobs()

    contribution.refresh_from_db()
    report = latest_report(contribution)
    assert report is not None
    assert (contribution.state, contribution.record_count, report.number) == ("validated", 3, 2)
    assert sorted(Upload.objects.values_list("name", "state")) == [
        ("bad.csv", "removed"),
        ("bad.csv", "stored"),
        ("good.jsonl", "stored"),
    ]
    assert ValidationReport.objects.get(number=1).errors[0]["file"] == "bad.csv"


def test_files_that_do_not_fit_together_are_said_by_file_and_column() -> None:
    contribution = ContributionFactory()
    report = submitted(contribution, ("a.jsonl", b'{"n": 1}\n'), ("b.jsonl", b'{"n": "many"}\n'))
    (error,) = report.errors
    assert (error["code"], error["file"], error["column"]) == ("schema_mismatch", "b.jsonl", "n")
    assert contribution.state == "needs_changes"


def test_a_report_shows_the_first_hundred_and_counts_all() -> None:
    contribution = ContributionFactory()
    report = submitted(contribution, ("a.jsonl", b"{}\n" + b"{broken\n" * 250))
    assert (len(report.errors), report.error_count) == (100, 250)


def test_record_ids_are_the_same_for_every_run_and_different_for_every_contribution() -> None:
    first, second = ContributionFactory(), ContributionFactory()
    contributions: list[Contribution] = [first, second]
    for contribution in contributions:
        assert submitted(contribution, ("a.jsonl", GOOD)).state == "passed"
    before = PreparedObject.objects.get(contribution=first).sha256
    assert before != PreparedObject.objects.get(contribution=second).sha256

    Contribution.objects.filter(pk=first.pk).update(state="needs_changes")
    submit_contribution(actor=first.contributor, contribution_id=first.pk)
    run_all_jobs()

    assert list(PreparedObject.objects.filter(contribution=first).values_list("sha256", flat=True)) == [before, before]
