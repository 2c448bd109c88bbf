"""A record is found by its id: in the contributor's file, and in the files of versions."""

import pyarrow.parquet as pq
import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from collective.catalog.models import Contribution, Dataset
from collective.core.storage import published
from ingestion.domain.splitting import Layout, SplitRule
from ingestion.errors import RecordNotFoundError
from ingestion.pipeline.records import ENTRY_BYTES, ID_BYTES
from ingestion.selectors import prepared_objects
from ingestion.services import locate_record, set_layout
from licensing.services import withdraw_contribution
from tests.factories import DatasetFactory
from tests.integration.ingestion.flow import accepted, published_version, steward_of
from tests.integration.ingestion.test_duplicates import EDITED, MARKET, unrelated
from tests.integration.ingestion.test_left_out import lines
from tests.services.jobs import run_all_jobs

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("store")]
OWN = unrelated(30)


@pytest.fixture(autouse=True)
def small_pieces_and_shards(settings: Settings) -> None:
    settings.PIECE_BYTES, settings.SHARD_TARGET_ROWS = 4096, 7


@pytest.fixture
def contribution() -> Contribution:
    dataset: Dataset = DatasetFactory.create()
    accepted(dataset, ("before.jsonl", lines([MARKET])))
    return accepted(dataset, ("first.jsonl", lines(OWN[:20])), ("second.jsonl", lines([*OWN[20:], EDITED])))


def ids_of(contribution: Contribution) -> list[str]:
    """In the order of its files and rows."""
    found: list[str] = []
    for prepared in prepared_objects(contribution):
        with published().open(prepared.records_sha256) as stored:
            data = stored.read()
        found += [data[at : at + ID_BYTES].hex() for at in range(0, len(data), ENTRY_BYTES)]
    return found


def ids_in(sha256: str) -> list[str]:
    with published().open(sha256) as stored:
        return list(pq.ParquetFile(stored).read(["record_id"]).column("record_id").to_pylist())


def test_each_record_is_found_in_its_file_and_in_the_shards_that_hold_it(contribution: Contribution) -> None:
    rules = Layout(SplitRule("hash", "", (50, 0, 50)))
    set_layout(actor=steward_of(contribution.dataset), dataset_id=contribution.dataset_id, layout=rules)
    version = published_version(contribution.dataset)
    places = {file.path: set(ids_in(file.sha256)) for file in version.files.filter(kind="data")}
    assert len(places) > 4
    ids = ids_of(contribution)
    found = [locate_record(contribution, each) for each in ids]
    assert [(each.file, each.row) for each in found] == [
        *[("first.jsonl", row) for row in range(1, 21)],
        *[("second.jsonl", row) for row in range(1, 12)],
    ]
    for record_id, each in zip(ids, found, strict=True):
        assert [file.path for file in each.files] == [path for path, held in places.items() if record_id in held]
    assert found[-1].files == [], "it reads like an earlier one and is left out"


def test_what_is_no_record_of_the_contribution_is_not_found(contribution: Contribution) -> None:
    (other,) = ids_of(contribution.dataset.contributions.exclude(pk=contribution.pk).get())
    for wrong in (other, "0" * 32, "0" * 31, "ab", "not hex"):
        with pytest.raises(RecordNotFoundError):
            locate_record(contribution, wrong)


def test_an_id_that_lies_across_two_entries_is_nobodys(contribution: Contribution) -> None:
    with published().open(prepared_objects(contribution)[0].records_sha256) as stored:
        data = stored.read()
    for at in (1, ID_BYTES, ENTRY_BYTES - 1):
        with pytest.raises(RecordNotFoundError):
            locate_record(contribution, data[at : at + ID_BYTES].hex())


def test_the_contributor_asks_by_api_until_it_is_withdrawn(contribution: Contribution) -> None:
    version = published_version(contribution.dataset)
    record_id = ids_of(contribution)[20]
    client = Client()
    client.force_login(contribution.contributor)
    address = reverse("ingestion-api:record", args=[contribution.pk, record_id])
    told = client.get(address).json()
    (file,) = told.pop("files")
    assert told == {"file": "second.jsonl", "row": 1}
    assert (file["version"], file["state"]) == (version.number, "published")
    assert record_id in ids_in(file["sha256"])

    withdraw_contribution(actor=contribution.contributor, contribution_id=contribution.pk)
    run_all_jobs()
    assert (client.get(address).status_code, client.get(address).json()["code"]) == (404, "record_not_found")
