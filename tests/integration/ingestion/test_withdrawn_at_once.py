"""From the commit of a withdrawal on nothing tells what was in it, though no job has erased anything yet."""

from typing import Any

import pytest
from django.test import Client

from collective.accounts.models import User
from collective.catalog.models import Contribution, Dataset
from ingestion.models import ValidationReport
from licensing.services import withdraw_contribution
from tests.factories import DatasetFactory
from tests.integration.ingestion.flow import accepted, steward_of
from tests.integration.ingestion.test_records_withdrawn import WORDS, lines, take_back
from tests.services.jobs import run_all_jobs

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("store")]


@pytest.fixture
def dataset() -> Dataset:
    made: Dataset = DatasetFactory.create()
    return made


@pytest.fixture
def words(dataset: Dataset) -> Contribution:
    return accepted(dataset, ("words.jsonl", lines(*WORDS)), title="Words")


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def reports(contribution: Contribution) -> list[dict[str, Any]]:
    """As its contributor and its steward read it."""
    readers = (contribution.contributor, steward_of(contribution.dataset))
    return [signed_in(user).get(f"/api/v1/contributions/{contribution.pk}/report").json() for user in readers]


def pages(contribution: Contribution) -> str:
    paths = (f"/contributions/{contribution.pk}/report/", f"/contributions/{contribution.pk}/")
    return "".join(signed_in(contribution.contributor).get(path).content.decode() for path in paths)


def with_warning(contribution: Contribution) -> None:
    problem = dict.fromkeys(("file", "column", "code", "message", "action"), "x") | {"row": 4, "example": "word3"}
    ValidationReport.objects.filter(contribution=contribution).update(warnings=[problem])


def test_the_report_tells_nothing_of_a_withdrawn_contribution(words: Contribution) -> None:
    with_warning(words)
    assert "word3" in pages(words)
    withdraw_contribution(actor=words.contributor, contribution_id=words.pk)
    told = [(each["statistics"], each["warnings"], each["findings"], each["errors"]) for each in reports(words)]
    assert told == [({}, [], [], [])] * 2
    assert not any(word in pages(words) for word in WORDS)


def test_the_report_waits_until_single_records_are_no_longer_counted(words: Contribution) -> None:
    with_warning(words)
    take_back(words, 3)
    assert [(each["statistics"], each["warnings"][0]["example"]) for each in reports(words)] == [({}, None)] * 2
    assert "word3" not in pages(words)
    run_all_jobs()
    assert all(each["statistics"]["words.jsonl"]["rows"] == len(WORDS) - 1 for each in reports(words))
