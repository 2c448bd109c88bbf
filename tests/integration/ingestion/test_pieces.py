"""A large file is checked in pieces, and what the pieces write is published without being copied."""

import json

import pyarrow.parquet as pq
import pytest
from pytest_django import Settings

from collective.catalog.models import Dataset, DatasetVersion
from collective.core.models import Job
from collective.core.storage import published
from ingestion.models import PreparedObject, ShardBuild
from ingestion.services import checking
from tests.factories import ContributionFactory, DatasetFactory
from tests.integration.ingestion.flow import accepted, published_version, submitted, violations

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("store")]
ROWS = [{"number": number, "text": f"Sentence number {number}. " * 4} for number in range(200)]


@pytest.fixture(autouse=True)
def small_pieces(settings: Settings) -> None:
    settings.PIECE_BYTES = 4096


@pytest.fixture
def dataset() -> Dataset:
    found: Dataset = DatasetFactory()
    return found


def lines(rows: list[dict[str, object]]) -> bytes:
    return b"".join(json.dumps(row).encode() + b"\n" for row in rows)


def rows_of(version: DatasetVersion) -> list[dict[str, object]]:
    rows = []
    for file in version.files.filter(kind="data").order_by("path"):
        with published().open(file.sha256) as stored:
            rows += pq.read_table(stored).to_pylist()
    return rows


def test_the_pieces_of_a_file_hold_its_rows_in_order(dataset: Dataset) -> None:
    contribution = accepted(dataset, ("a.jsonl", lines(ROWS)))
    report = contribution.reports.get()
    pieces = list(report.pieces.order_by("number"))
    assert len(pieces) > 4
    assert [piece.begin for piece in pieces[1:]] == [piece.end for piece in pieces[:-1]]
    assert (report.rows_done, report.bytes_done, report.files_done) == (200, report.bytes_total, 1)
    rows = rows_of(published_version(dataset))
    assert [{"number": row["number"], "text": row["text"]} for row in rows] == ROWS
    assert len({row["record_id"] for row in rows}) == 200
    assert violations() == []


def test_a_prepared_object_that_fits_is_the_shard(dataset: Dataset, settings: Settings) -> None:
    settings.SHARD_TARGET_BYTES = 2000
    accepted(dataset, ("a.jsonl", lines(ROWS)))
    version = published_version(dataset)
    shards = version.files.filter(kind="data").order_by("path")
    prepared = PreparedObject.objects.order_by(*PreparedObject.IN_ORDER)
    assert list(shards.values_list("sha256", flat=True)) == list(prepared.values_list("sha256", flat=True))
    assert not Job.objects.filter(name="ingestion.build_shard").exists()
    assert violations() == []


def test_a_column_that_begins_late_is_empty_before(
    dataset: Dataset, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.SHARD_TARGET_BYTES = 2000
    monkeypatch.setattr(checking, "SAMPLE_BYTES", 4096)  # so that the first lines do not tell of it
    late = [row | {"late": "x"} if row["number"] == 190 else row for row in ROWS]
    accepted(dataset, ("a.jsonl", lines(late)))
    version = published_version(dataset)
    assert [row["number"] for row in rows_of(version) if row["late"]] == [190]
    # The last piece has the column already; the others are written again with it.
    built = Job.objects.filter(name="ingestion.build_shard").count()
    assert built == ShardBuild.objects.count() - 1
    assert violations() == []


def test_a_broken_line_is_named_by_its_place_in_the_file() -> None:
    data = lines(ROWS).splitlines(keepends=True)
    data[170] = b'{"number": 170, "text": \n'
    data.insert(3, b"\n")
    report = submitted(ContributionFactory(), ("a.jsonl", b"".join(data)))
    assert [(each["code"], each["file"], each["row"]) for each in report.errors] == [("invalid_json", "a.jsonl", 172)]


def test_kinds_of_values_that_change_in_a_later_piece_are_said() -> None:
    report = submitted(ContributionFactory(), ("a.jsonl", lines([*ROWS, {"number": "many"}])))
    assert [(each["code"], each["column"]) for each in report.errors] == [("type_conflict", "number")]


def test_numbers_widen_from_piece_to_piece(dataset: Dataset) -> None:
    accepted(dataset, ("a.jsonl", lines([*ROWS, {"number": 0.5}])))
    rows = rows_of(published_version(dataset))
    assert [row["number"] for row in rows] == [*map(float, range(200)), 0.5]


def test_a_line_that_no_piece_can_hold_leaves_the_file_whole() -> None:
    data = lines(ROWS) + b'{"text": "' + b"x" * 17_000_000 + b'"}\n'
    report = submitted(ContributionFactory(), ("a.jsonl", data))
    assert [(each["code"], each["row"]) for each in report.errors] == [("line_too_long", 201)]
