"""What a commit says of itself is remembered; whether it may be said is decided with every request."""

from collections.abc import Callable
from typing import Any

import pytest

from collective.catalog.models import Dataset, VersionFile
from licensing.models import Offer
from licensing.services import withdraw_contribution
from tests.contract.hub.published import Market
from tests.integration.hub.conftest import Caller

pytestmark = pytest.mark.once  # kept in the process

API = "/api/datasets/acme/greetings"
FORM = "application/x-www-form-urlencoded"
Question = Callable[[Caller], Any]


def paths_info(caller: Caller) -> Any:
    return caller.post(f"{API}/paths-info/v1.0.0", "paths=README.md", FORM)


QUESTIONS: list[Question] = [
    lambda caller: caller.get(f"{API}/revision/v1.0.0?blobs=True"),
    lambda caller: caller.get(f"{API}/tree/v1.0.0?recursive=True&expand=True"),
    lambda caller: caller.get(f"{API}/tree/v1.0.0/en"),
    paths_info,
]


def withdraw(market: Market) -> None:
    withdraw_contribution(actor=market.contributor, contribution_id=market.contribution.pk)


def quarantine(_market: Market) -> None:
    Dataset.objects.update(state="quarantined")


def hide(_market: Market) -> None:
    Dataset.objects.update(visibility="private")


@pytest.mark.parametrize(("change", "status"), [(withdraw, 403), (quarantine, 403), (hide, 401)])
def test_nothing_remembered_outlives_a_change(
    market: Market, anybody: Caller, change: Callable[[Market], None], status: int
) -> None:
    before = [question(anybody) for question in QUESTIONS]
    assert {each.status_code for each in before} == {200}
    change(market)
    for question, known in zip(QUESTIONS, before, strict=True):
        response = question(anybody)
        assert response.status_code == status
        assert known.content not in response.content


def test_files_are_not_read_again(market: Market, buyer: Caller, django_assert_max_num_queries: Any) -> None:
    first = [question(buyer).content for question in QUESTIONS]
    assert VersionFile.objects.count() > 0
    for question, known in zip(QUESTIONS, first, strict=True):
        with django_assert_max_num_queries(4) as asked:
            assert question(buyer).content == known
        assert not [each["sql"] for each in asked.captured_queries if "versionfile" in each["sql"]]


def test_what_may_change_is_said_anew(market: Market, anybody: Caller) -> None:
    assert anybody.get(API).json()["cardData"]["license"] == ["other"]
    Dataset.objects.update(summary="Another summary.")
    Offer.objects.all().update(state="withdrawn")
    info = anybody.get(API).json()
    assert info["description"] == "Another summary."
    assert [each["rfilename"] for each in info["siblings"]] == sorted(
        market.version.files.values_list("path", flat=True)
    )


def test_lists_of_paths_are_not_taken_for_each_other(market: Market, anybody: Caller) -> None:
    both = anybody.post(f"{API}/paths-info/main", "paths=README.md&paths=manifest.json", FORM).json()
    joined = anybody.post(f"{API}/paths-info/main", "paths=README.md%0Amanifest.json", FORM).json()
    assert ([each["path"] for each in both], joined) == (["README.md", "manifest.json"], [])
