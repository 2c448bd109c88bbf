"""What a visitor sees of a dataset, and what they stop seeing."""

import json
import re

import pytest
from django.core.cache import cache
from django.test import Client

from collective.accounts.models import User
from collective.catalog.models import Contribution, Dataset
from collective.catalog.services import take_back
from collective.catalog.web.cards import dataset_url

pytestmark = pytest.mark.django_db


def page_of(client: Client, dataset: Dataset) -> str:
    response = client.get(dataset_url(dataset))
    assert response.status_code == 200
    return str(response.content.decode())


def test_it_shows_records_card_languages_size_files_and_how_to_load(client: Client, published: Dataset) -> None:
    page = page_of(client, published)
    for shown in (
        "صباح الخير",
        "Èdè Yorùbá",
        "2 records",
        "by one person",
        "2 of 2 records",
        "Heard &lt;b&gt;at&lt;/b&gt; the market.",
        "manifest.json",
        f"load_dataset(&quot;{published.repo_id}&quot;, split=&quot;train&quot;, revision=&quot;v1.0.0&quot;",
        "Version 1.0.0",
    ):
        assert shown in page


def test_its_croissant_is_in_the_page_for_crawlers(client: Client, published: Dataset) -> None:
    for _time in ("read from the store", "from the cache"):
        block = re.search(r'<script type="application/ld\+json">(.*?)</script>', page_of(client, published), re.DOTALL)
        assert block is not None
        assert json.loads(block[1])["@type"] == "sc:Dataset"


@pytest.mark.parametrize("state", ["quarantined", "withdrawn"])
def test_on_hold_or_withdrawn_no_record_statistic_or_file_is_shown(
    client: Client, published: Dataset, steward: User, state: str
) -> None:
    page_of(client, published)
    published.transition_to(state)
    client.force_login(steward)
    page = page_of(client, published)
    for gone in ("صباح الخير", "manifest.json", "2 records", "ld+json", "Statistics"):
        assert gone not in page


def test_a_withdrawn_contribution_leaves_the_page_at_once(client: Client, published: Dataset) -> None:
    cache.clear()
    held = Contribution.objects.get(dataset=published)
    take_back(actor=held.contributor, contribution_id=held.pk)
    page = page_of(client, published)
    assert "صباح الخير" not in page
    assert "manifest.json" not in page
    assert "ld+json" not in page
    assert "Nothing is published yet" in page
