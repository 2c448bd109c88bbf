"""The steward's desk: opening, describing, deciding."""

import pytest
from django.test import Client
from django.urls import reverse

from collective.accounts.models import User
from collective.catalog.models import Contribution, Dataset
from collective.catalog.web.cards import desk_url
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


def test_what_waits_comes_first(as_steward: Client, waiting: Contribution) -> None:
    desk = as_steward.get("/desk/").content.decode()
    workspace = as_steward.get(desk_url(waiting.dataset)).content.decode()
    for page in (desk, workspace):
        assert "More voices" in page
    assert reverse("catalog:decide", args=[waiting.pk]) in workspace


def decide(client: Client, contribution: Contribution, **data: str) -> None:
    response = client.post(reverse("catalog:decide", args=[contribution.pk]), data)
    assert response.status_code == 302
    assert response["Location"] == desk_url(contribution.dataset)
    contribution.refresh_from_db()


def test_accepting(as_steward: Client, waiting: Contribution, steward: User) -> None:
    decide(as_steward, waiting, decision="accept")
    assert (waiting.state, waiting.decided_by) == ("accepted", steward)
    workspace = as_steward.get(desk_url(waiting.dataset)).content.decode()
    assert "One accepted contribution is not in a published version yet" in workspace


def test_not_accepting_needs_a_reason(as_steward: Client, waiting: Contribution) -> None:
    decide(as_steward, waiting, decision="reject", reason="  ")
    assert waiting.state == "validated"
    assert "Say why" in as_steward.get(desk_url(waiting.dataset)).content.decode()
    decide(as_steward, waiting, decision="reject", reason="The clips are silent.")
    assert (waiting.state, waiting.decision_reason) == ("rejected", "The clips are silent.")


def test_a_stranger_decides_nothing(client: Client, waiting: Contribution) -> None:
    client.force_login(UserFactory.create())
    response = client.post(reverse("catalog:decide", args=[waiting.pk]), {"decision": "accept"})
    assert response.status_code == 404
    waiting.refresh_from_db()
    assert waiting.state == "validated"


def described(dataset: Dataset, **changes: str) -> dict[str, str]:
    organization = str(dataset.organization_id)
    form = {"organization": organization, "modality": "text", "visibility": "public", "steward_percent": "25"}
    return form | {"title": "Evening market", "languages": "YO, zh-hant", "open_to_contributions": "on"} | changes


def test_a_dataset_is_opened_with_a_name_made_from_its_title(as_steward: Client, dataset: Dataset) -> None:
    response = as_steward.post("/desk/new/", described(dataset))
    made = Dataset.objects.get(slug="evening-market")
    assert response["Location"] == desk_url(made)
    assert (made.languages, made.steward_bps, made.open_to_contributions, made.state) == (
        ["yo", "zh-Hant"],
        2500,
        True,
        "draft",
    )


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"slug": "morning"}, "already has a dataset named “morning”"),
        ({"languages": "no language"}, "is not a language tag"),
        ({"title": "أصوات"}, "Write a short name in Latin letters"),
    ],
)
def test_a_refusal_keeps_what_was_typed(
    as_steward: Client, dataset: Dataset, changes: dict[str, str], complaint: str
) -> None:
    response = as_steward.post("/desk/new/", described(dataset, **changes))
    page = response.content.decode()
    assert response.status_code == 200
    assert complaint in page
    assert 'value="25"' in page
    assert Dataset.objects.count() == 1


def test_a_new_description_is_shown_and_the_share_survives_the_form(as_steward: Client, dataset: Dataset) -> None:
    address = reverse("catalog:edit", args=[dataset.organization.slug, dataset.slug])
    assert 'value="10"' in as_steward.get(address).content.decode()
    response = as_steward.post(address, described(dataset, title="Noon market", modality="audio", steward_percent="10"))
    assert response["Location"] == desk_url(dataset)
    dataset.refresh_from_db()
    assert (dataset.title, dataset.slug, dataset.modality, dataset.steward_bps) == (
        "Noon market",
        "morning",
        "audio",
        1000,
    )
