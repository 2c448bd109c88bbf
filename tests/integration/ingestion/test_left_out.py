"""Records that read like earlier ones are not in a version until the steward keeps them; others stay where they are."""

import json
from collections.abc import Sequence

import pyarrow.parquet as pq
import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from collective.catalog.errors import NothingToPublishError
from collective.catalog.models import Contribution, Dataset, DatasetVersion
from collective.core.storage import published
from ingestion.domain.splitting import Layout, SplitRule
from ingestion.models import SimilarRecords
from ingestion.services import decide_similar, publish_version, set_layout
from licensing.services import withdraw_contribution
from tests.factories import DatasetFactory
from tests.integration.ingestion.flow import accepted, published_version, steward_of, violations
from tests.integration.ingestion.test_duplicates import EDITED, MARKET, unrelated
from tests.services.jobs import run_all_jobs

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("store")]
OWN = unrelated(9)


def lines(texts: Sequence[str]) -> bytes:
    return "".join(json.dumps({"text": text, "half": str(len(text) % 2)}) + "\n" for text in texts).encode()


def texts_of(version: DatasetVersion) -> list[str]:
    found: list[str] = []
    for file in version.files.filter(kind="data").order_by("path"):
        with published().open(file.sha256) as stored:
            found += pq.ParquetFile(stored).read(["text"]).column("text").to_pylist()
    return found


def shards_of(version: DatasetVersion) -> list[str]:
    return list(version.files.filter(kind="data").order_by("path").values_list("sha256", flat=True))


def decide(dataset: Dataset, *, keep: bool) -> None:
    pair = SimilarRecords.objects.get(later__dataset=dataset)
    steward = steward_of(dataset)
    assert decide_similar(actor=steward, contribution_id=pair.later_id, pair_ids=[pair.pk], keep=keep) == 1


@pytest.fixture
def small_shards(settings: Settings) -> None:
    settings.SHARD_TARGET_ROWS = 3


@pytest.fixture
def dataset() -> Dataset:
    made: Dataset = DatasetFactory.create()
    return made


@pytest.fixture
def later(dataset: Dataset) -> Contribution:
    """Its fifth record is like one that another contribution has brought before."""
    accepted(dataset, ("first.jsonl", lines([MARKET])), title="Earlier")
    return accepted(dataset, ("second.jsonl", lines([*OWN[:4], EDITED, *OWN[4:]])), title="Later")


@pytest.mark.usefixtures("small_shards")
def test_the_earlier_record_wins_until_the_steward_decides(dataset: Dataset, later: Contribution) -> None:
    first = published_version(dataset)
    assert texts_of(first) == [MARKET, *OWN]
    assert (first.row_count, first.holdings.get(contribution=later).rows) == (10, 9)
    assert first.split.get(payee=later.payee).records == 9

    decide(dataset, keep=True)
    second = published_version(dataset)
    assert texts_of(second) == [MARKET, *OWN[:4], EDITED, *OWN[4:]]
    assert (second.row_count, second.split.get(payee=later.payee).records) == (11, 10)
    assert len(set(shards_of(first)) - set(shards_of(second))) == 1, "one shard is written anew"

    decide(dataset, keep=False)
    third = published_version(dataset)
    assert shards_of(third) == shards_of(first)
    assert violations() == []


@pytest.mark.usefixtures("small_shards")
def test_a_withdrawal_leaves_it_out_still(dataset: Dataset, later: Contribution) -> None:
    third = accepted(dataset, ("third.jsonl", lines(unrelated(2, seed=7))), title="Third")
    first = published_version(dataset)
    withdraw_contribution(actor=third.contributor, contribution_id=third.pk)
    run_all_jobs()
    patch = DatasetVersion.objects.get(replaces=first)
    assert (patch.state, texts_of(patch)) == ("published", [MARKET, *OWN])
    assert patch.holdings.get(contribution=later).rows == 9
    assert len(set(shards_of(patch)) - set(shards_of(first))) == 1, "only the shard that held it is written anew"
    assert violations() == []


def test_where_a_layout_spreads_records(dataset: Dataset, later: Contribution) -> None:
    set_layout(actor=steward_of(dataset), dataset_id=dataset.pk, layout=Layout(SplitRule("column", "half")))
    version = published_version(dataset)
    assert sorted(texts_of(version)) == sorted([MARKET, *OWN])
    assert len({file.split for file in version.files.filter(kind="data")}) == 2
    assert violations() == []


def test_a_contribution_of_copies_alone_is_not_held_and_earns_nothing(dataset: Dataset) -> None:
    accepted(dataset, ("first.jsonl", lines([MARKET])))
    copy = accepted(dataset, ("copy.jsonl", lines([EDITED])))
    version = published_version(dataset)
    assert not version.holdings.filter(contribution=copy).exists()
    assert not version.split.filter(payee=copy.payee).exists()
    assert violations() == []


def test_copies_alone_are_nothing_to_publish(dataset: Dataset) -> None:
    accepted(DatasetFactory.create(), ("first.jsonl", lines([MARKET])))
    accepted(dataset, ("copy.jsonl", lines([EDITED])))
    with pytest.raises(NothingToPublishError):
        publish_version(actor=steward_of(dataset), dataset_id=dataset.pk)
    assert not dataset.versions.exists()


def test_the_steward_reads_how_many_are_left_out(dataset: Dataset, later: Contribution) -> None:
    version = published_version(dataset)
    page = reverse("ingestion:version", args=[version.pk])
    steward, contributor = Client(), Client()
    steward.force_login(steward_of(dataset))
    contributor.force_login(later.contributor)
    told = "1 record is left out, because it reads like an earlier one."
    assert told in steward.get(page).content.decode()
    assert told not in contributor.get(page).content.decode()
