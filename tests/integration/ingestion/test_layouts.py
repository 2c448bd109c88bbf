"""The steward says what is for training and what for testing, and sees what does not fit together."""

import json
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from collective.catalog.errors import NotStewardError
from collective.catalog.models import Dataset
from collective.core.models import AuditEvent
from ingestion.domain.splitting import ConfigRule, Layout, SplitRule
from ingestion.errors import LayoutColumnMissingError, TooManyConfigsError
from ingestion.models import DatasetLayout
from ingestion.selectors import layout_of
from ingestion.services import proposal_for, set_layout, shares_of
from ingestion.services.layouts import Share
from tests.factories import ContributionFactory, DatasetFactory, UserFactory
from tests.integration.ingestion.flow import accepted, steward_of, submitted

# What a file says decides here, wherever it lies and whatever keeps the findings.
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.once]


def lines(*records: dict[str, Any]) -> bytes:
    return "".join(json.dumps(each) + "\n" for each in records).encode()


@pytest.fixture
def dataset() -> Dataset:
    made: Dataset = DatasetFactory()
    return made


@pytest.fixture
def filled(dataset: Dataset) -> Dataset:
    words = ["train", "train", "Dev", "test", None]
    rows = [{"text": f"t{n}", "split": word, "lang": "sw" if n else "yo"} for n, word in enumerate(words)]
    accepted(dataset, ("a.jsonl", lines(*rows)))
    return dataset


@pytest.fixture
def steward_client(dataset: Dataset) -> Client:
    client = Client()
    client.force_login(steward_of(dataset))
    return client


def address(name: str, dataset: Dataset) -> str:
    return reverse(name, args=[dataset.organization.slug, dataset.slug])


def test_a_dataset_without_a_choice_is_all_for_training(dataset: Dataset) -> None:
    assert layout_of(dataset) == Layout()
    assert shares_of(dataset, Layout()) == [Share("train", 100)]


def test_a_choice_is_kept_and_audited(filled: Dataset) -> None:
    chosen = Layout(SplitRule("hash", "", (80, 10, 10)), ConfigRule("column", "lang"))
    set_layout(actor=steward_of(filled), dataset_id=filled.pk, layout=chosen)
    assert layout_of(filled) == chosen
    event = AuditEvent.objects.get(action="ingestion.layout_set")
    assert event.data["rules"] == chosen.as_json()
    set_layout(actor=steward_of(filled), dataset_id=filled.pk, layout=Layout())
    assert (DatasetLayout.objects.count(), layout_of(filled)) == (1, Layout())


def test_what_a_column_says_is_counted_before_anything_is_built(filled: Dataset) -> None:
    layout = Layout(SplitRule("column", "split"))
    assert shares_of(filled, layout) == [Share("train", 60), Share("validation", 20), Share("test", 20)]


def test_only_a_steward_chooses(filled: Dataset) -> None:
    with pytest.raises(NotStewardError):
        set_layout(actor=UserFactory.create(), dataset_id=filled.pk, layout=Layout())
    assert not DatasetLayout.objects.exists()


def test_a_column_that_nothing_accepted_has_is_refused(filled: Dataset) -> None:
    with pytest.raises(LayoutColumnMissingError) as refusal:
        set_layout(actor=steward_of(filled), dataset_id=filled.pk, layout=Layout(SplitRule("group", "speaker")))
    assert "“speaker”" in refusal.value.message
    assert "text, split, lang" in refusal.value.message
    assert not DatasetLayout.objects.exists()


def test_before_anything_is_accepted_a_column_may_be_named(dataset: Dataset) -> None:
    set_layout(actor=steward_of(dataset), dataset_id=dataset.pk, layout=Layout(SplitRule("group", "speaker")))
    assert layout_of(dataset).split.column == "speaker"


def test_a_column_of_too_many_values_makes_no_subsets(dataset: Dataset) -> None:
    accepted(dataset, ("a.jsonl", lines(*({"text": f"t{n}"} for n in range(101)))))
    with pytest.raises(TooManyConfigsError):
        set_layout(actor=steward_of(dataset), dataset_id=dataset.pk, layout=Layout(config=ConfigRule("column", "text")))
    assert not DatasetLayout.objects.exists()


def test_everything_that_does_not_fit_is_listed_before_it_is_accepted(filled: Dataset, steward_client: Client) -> None:
    other = ContributionFactory(dataset=filled, title="Numbers")
    submitted(other, ("b.jsonl", lines({"text": 5, "split": [1], "more": True})))
    proposal = proposal_for(filled)
    assert [(each.title, each.column, each.found, each.expected) for each in proposal.conflicts] == [
        ("Numbers", "text", "whole numbers", "text"),
        ("Numbers", "split", "lists", "text"),
    ]
    assert proposal.schema.names == ["text", "split", "lang", "more"]
    page = steward_client.get(address("catalog:desk_dataset", filled)).content.decode()
    assert "2 columns do not fit" in page
    assert "<bdi>Numbers</bdi>" in page


def test_the_page_shows_the_shares_and_keeps_a_choice(filled: Dataset, steward_client: Client) -> None:
    url = address("ingestion:layout", filled)
    assert '<rect x="0" y="0" width="100"' in steward_client.get(url).content.decode()
    answers = {"split_kind": "hash", "train": 80, "validation": 0, "test": 20, "config_kind": "none"}
    assert steward_client.post(url, answers).status_code == 302
    page = steward_client.get(url).content.decode()
    assert '<rect x="80" y="0" width="20"' in page
    assert "<bdi>test</bdi>: 20 %" in page
    assert "style=" not in page
    refused = steward_client.post(url, {**answers, "test": 10})
    assert "90 percent together" in refused.content.decode()
    assert layout_of(filled).split.shares == (80, 0, 20)


def test_the_api_tells_and_takes_the_same(filled: Dataset, steward_client: Client) -> None:
    url = address("ingestion-api:layout", filled)
    told = steward_client.get(url).json()
    assert told == {
        "split": {"kind": "none", "column": "", "shares": [100, 0, 0]},
        "config": {"kind": "none", "column": ""},
        "shares": [{"split": "train", "percent": 100}],
        "columns": [{"name": name, "dtype": "string"} for name in ("text", "split", "lang")],
        "conflicts": [],
    }
    body = {"split": {"kind": "column", "column": "split"}, "config": {"kind": "column", "column": "lang"}}
    answer = steward_client.put(url, body, "application/json")
    assert answer.json()["shares"][2] == {"split": "test", "percent": 20}
    wrong = steward_client.put(
        url, {"split": {"kind": "group", "column": "nobody", "shares": [80, 10, 10]}}, "application/json"
    )
    assert (wrong.status_code, wrong.json()["code"]) == (400, "layout_column_missing")
    assert layout_of(filled).config.column == "lang"
