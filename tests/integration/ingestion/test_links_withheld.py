"""A signed link of the local store is older than the withdrawal: it is asked again when somebody comes with it."""

import pytest
from django.conf import settings
from django.test import Client
from pytest_django import Settings

from collective.catalog.models import Contribution, Dataset, DatasetVersion
from collective.core.storage import published
from tests.factories import DatasetFactory
from tests.integration.ingestion.flow import accepted, published_version
from tests.integration.ingestion.test_records_withdrawn import WORDS, lines, take_back
from tests.services.jobs import run_all_jobs

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def dataset(settings: Settings) -> Dataset:
    settings.SHARD_TARGET_ROWS = 3
    made: Dataset = DatasetFactory.create()
    return made


@pytest.fixture
def words(dataset: Dataset) -> Contribution:
    return accepted(dataset, ("words.jsonl", lines(*WORDS)), title="Words")


def signed_urls(version: DatasetVersion) -> dict[str, str]:
    files = version.files.filter(kind="data").order_by("path")
    return {
        each.sha256: published()
        .sign_get(each.sha256, filename=each.path, seconds=300)
        .url.removeprefix(settings.SITE_URL)
        for each in files
    }


def test_a_link_from_before_the_withdrawal_answers_410(dataset: Dataset, words: Contribution) -> None:
    old = signed_urls(published_version(dataset))
    assert {Client().get(url).status_code for url in old.values()} == {200}
    take_back(words, 0)
    answers = [Client().get(url) for url in old.values()]
    assert {(each.status_code, each.json()["code"]) for each in answers} == {(410, "object_withheld")}


def test_what_the_patch_still_holds_is_served_again(dataset: Dataset, words: Contribution) -> None:
    old = signed_urls(published_version(dataset))
    take_back(words, 0)
    run_all_jobs()
    after = signed_urls(dataset.versions.get(state="published"))
    kept = old.keys() & after.keys()
    assert (len(old), len(kept)) == (3, 2)
    assert [Client().get(old[sha256]).status_code for sha256 in kept] == [200, 200]


def test_nothing_of_a_quarantined_dataset_is_served(dataset: Dataset, words: Contribution) -> None:
    (url, *_) = signed_urls(published_version(dataset)).values()
    Dataset.objects.filter(pk=dataset.pk).update(state="quarantined")
    assert Client().get(url).status_code == 410
    Dataset.objects.filter(pk=dataset.pk).update(state="listed")
    assert Client().get(url).status_code == 200
