"""Record lists outlive the records: what was taken back can be named after its bytes are gone."""

import pyarrow.parquet as pq
import pytest

from collective.catalog.domain.records import ListedRecord, list_records
from collective.catalog.models import Contribution
from collective.catalog.services import take_back
from collective.core.storage import published
from collective.core.storage.errors import ObjectNotFoundError
from ingestion.models import PreparedObject
from tests.factories import ContributionFactory
from tests.integration.ingestion.flow import submitted
from tests.services.jobs import run_all_jobs

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("store")]


@pytest.fixture
def contribution() -> Contribution:
    """Two files, of three records and of four."""
    made: Contribution = ContributionFactory.create()
    submitted(made, ("a.jsonl", b'{"text": "x"}\n' * 3), ("b.jsonl", b'{"text": "y"}\n' * 4))
    return made


def test_portions_are_the_records_in_order(contribution: Contribution) -> None:
    whole = list_records(contribution.pk, count=100)
    stored = PreparedObject.objects.filter(contribution=contribution).order_by(*PreparedObject.IN_ORDER)
    ids = [each for row in stored for each in _ids(row.sha256)]
    assert [record.record_id for record in whole] == ids
    assert len({record.record_sha256 for record in whole}) == 2
    for count in (1, 2, 3, 5, 7):
        joined = [list_records(contribution.pk, first=first, count=count) for first in range(0, 7, count)]
        assert [record for part in joined for record in part] == whole
    assert list_records(contribution.pk, first=7, count=5) == []


def test_the_list_stays_when_the_bytes_go(contribution: Contribution) -> None:
    before: list[ListedRecord] = list_records(contribution.pk, count=100)
    prepared = PreparedObject.objects.filter(contribution=contribution).values_list("sha256", flat=True)
    take_back(actor=contribution.contributor, contribution_id=contribution.pk)
    run_all_jobs()
    for sha256 in prepared:
        with pytest.raises(ObjectNotFoundError):
            published().info(sha256)
    assert list_records(contribution.pk, count=100) == before


def _ids(sha256: str) -> list[str]:
    with published().open(sha256) as opened:
        ids: list[str] = pq.read_table(opened, columns=["record_id"]).column(0).to_pylist()
    return ids
