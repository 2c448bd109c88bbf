"""Finding datasets by words and facets, in any script."""

import pytest
from django.http import QueryDict
from django.test import Client
from django.urls import reverse

from collective.accounts.models import User
from collective.catalog.models import Dataset
from collective.catalog.web.search import search
from licensing.models import LicenseVersion
from licensing.services import publish_offer
from tests.factories import DatasetFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def market() -> None:
    DatasetFactory.create(title="Ohùn Yorùbá", slug="voices", languages=["yo"], modality="audio", state="listed")
    DatasetFactory.create(title="جمل من السوق", slug="souk", languages=["ar", "am"], modality="text", state="listed")
    DatasetFactory.create(title="Rain", slug="rain", languages=[], modality="tabular", state="listed")


def found(query: str) -> list[str]:
    datasets = Dataset.objects.select_related("organization")
    return sorted(row.slug for row in search(datasets, QueryDict(query)).datasets)


@pytest.mark.usefixtures("market")
@pytest.mark.parametrize(
    ("query", "slugs"),
    [
        ("", ["rain", "souk", "voices"]),
        ("q=yoruba", ["voices"]),
        ("q=YORÙBÁ", ["voices"]),
        ("q=السوق", ["souk"]),
        ("q=አማርኛ", ["souk"]),
        ("q=amharic", ["souk"]),
        ("q=arabic yoruba", []),
        ("language=yo&language=am", ["souk", "voices"]),
        ("language=yo&modality=text", []),
        ("modality=tabular", ["rain"]),
        ("language=zz", []),
        ("unknown=1", ["rain", "souk", "voices"]),
    ],
)
def test_words_and_facets(query: str, slugs: list[str]) -> None:
    assert found(query) == slugs


@pytest.mark.usefixtures("market")
def test_counts_say_what_choosing_would_find() -> None:
    datasets = Dataset.objects.select_related("organization")
    facets = {facet.name: facet for facet in search(datasets, QueryDict("modality=text")).facets}
    kinds = {choice.value: (choice.count, choice.chosen) for choice in facets["modality"].choices}
    assert kinds == {"text": (1, True), "audio": (1, False), "tabular": (1, False)}
    languages = {choice.value: choice.count for choice in facets["language"].choices}
    assert languages == {"ar": 1, "am": 1}


@pytest.mark.usefixtures("market")
def test_results_alone_for_htmx_and_a_whole_page_for_everybody_else(client: Client) -> None:
    part = client.get("/catalog/?q=rain", headers={"HX-Request": "true"}).content.decode()
    whole = client.get("/catalog/?q=rain").content.decode()
    assert part.lstrip().startswith('<div id="results"')
    assert "<html" in whole
    for page in (part, whole):
        assert "Rain" in page
        assert "Ohùn" not in page


def test_the_license_of_a_live_offer_is_a_facet(client: Client, published: Dataset, steward: User) -> None:
    terms = LicenseVersion.objects.get(template__license_id="CC-BY-4.0")
    publish_offer(actor=steward, dataset_id=published.pk, license_version_id=terms.pk, price_minor=0, currency="EUR")
    DatasetFactory.create(title="Rain", slug="rain", state="listed")
    page = client.get("/catalog/?license=CC-BY-4.0").content.decode()
    assert 'name="license" value="CC-BY-4.0" checked' in page
    assert "Morning market" in page
    assert "Rain" not in page


def test_pages_keep_the_search(client: Client) -> None:
    for number in range(21):
        DatasetFactory.create(title=f"Rain {number}", slug=f"rain-{number}", state="listed")
    page = client.get("/catalog/?q=rain&modality=text").content.decode()
    assert 'href="?q=rain&amp;modality=text&amp;page=2"' in page
    second = client.get("/catalog/?q=rain&modality=text&page=2").content.decode()
    assert second.count('class="dataset-card"') == 1


def test_drafts_and_private_datasets_are_not_in_the_catalog(client: Client) -> None:
    DatasetFactory.create(title="Draft one", state="draft")
    DatasetFactory.create(title="Private one", state="listed", visibility="private")
    DatasetFactory.create(title="Held one", state="quarantined", visibility="public")
    for address in ("/catalog/", reverse("home")):
        page = client.get(address).content.decode()
        assert "Private one" not in page
        assert "Held one" not in page
    assert "Draft one" not in client.get("/catalog/").content.decode()
