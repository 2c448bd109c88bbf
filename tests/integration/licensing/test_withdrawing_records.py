"""Taking single records back: who may, what is remembered, and that it is all or nothing."""

import json
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from collective.catalog.errors import ContributionNotFoundError
from collective.catalog.models import Contribution, Dataset, Withdrawal, WithdrawnRecord
from collective.core.ids import new_id
from licensing.errors import RecordsNotSeparableError, RecordsUnknownError
from licensing.invariants import withdrawn_records_are_unservable, withdrawn_records_were_asked_for
from licensing.models import ConsentEvent, ConsentEventRecord
from licensing.selectors import consent_state
from licensing.services import withdraw_records
from tests.factories import ContributionFactory, DatasetFactory
from tests.integration.ingestion.flow import accepted, published_version, steward_of
from tests.integration.ingestion.test_locating import ids_of
from tests.services.jobs import run_all_jobs

pytestmark = pytest.mark.django_db(transaction=True)
TEXTS = [f"<b>word{number}</b>" for number in range(60)]


@pytest.fixture
def contribution() -> Contribution:
    dataset: Dataset = DatasetFactory.create()
    return accepted(dataset, ("words.jsonl", "".join(json.dumps({"text": text}) + "\n" for text in TEXTS).encode()))


@pytest.fixture
def owner(contribution: Contribution) -> Client:
    client = Client()
    client.force_login(contribution.contributor)
    return client


def test_the_answer_for_the_rest_stays_and_the_records_are_named(contribution: Contribution) -> None:
    version = published_version(contribution.dataset)
    ids, before = ids_of(contribution), consent_state(contribution)
    told = [ids[0].upper(), ids[7]]
    count = withdraw_records(
        actor=contribution.contributor, contribution_id=contribution.pk, record_ids=told, reason="Private."
    )
    event = ConsentEvent.objects.get(kind="withdrawn")
    assert (count, event.record_count, event.reason) == (2, 2, "Private.")
    assert set(event.records.values_list("record_id", flat=True)) == {ids[0], ids[7]}
    assert consent_state(contribution) == before
    contribution.refresh_from_db()
    version.refresh_from_db()
    assert (contribution.state, version.state) == ("accepted", "withdrawn_content")
    assert [*withdrawn_records_are_unservable(), *withdrawn_records_were_asked_for()] == []


def test_one_unknown_id_stops_all_of_it(contribution: Contribution) -> None:
    version = published_version(contribution.dataset)
    unknown = ["0" * 32, "not an id"]
    with pytest.raises(RecordsUnknownError) as caught:
        withdraw_records(
            actor=contribution.contributor,
            contribution_id=contribution.pk,
            record_ids=[ids_of(contribution)[0], *unknown],
        )
    assert caught.value.detail["record_ids"] == unknown
    version.refresh_from_db()
    assert (version.state, WithdrawnRecord.objects.exists()) == ("published", False)
    assert not ConsentEvent.objects.filter(kind="withdrawn").exists()


def test_the_last_ones_take_the_contribution_with_them(contribution: Contribution) -> None:
    actor, ids = contribution.contributor, ids_of(contribution)
    withdraw_records(actor=actor, contribution_id=contribution.pk, record_ids=ids[:50])
    assert withdraw_records(actor=actor, contribution_id=contribution.pk, record_ids=ids[40:]) == 10
    contribution.refresh_from_db()
    assert contribution.state == "withdrawn"
    assert list(Withdrawal.objects.order_by("number").values_list("is_whole", "record_count")) == [
        (False, 50),
        (True, 10),
    ]
    assert withdraw_records(actor=actor, contribution_id=contribution.pk, record_ids=ids) == 0


def test_nobody_else_may_and_not_before_a_check(contribution: Contribution) -> None:
    for somebody in (steward_of(contribution.dataset), ContributionFactory.create().contributor):
        with pytest.raises(ContributionNotFoundError):
            withdraw_records(actor=somebody, contribution_id=contribution.pk, record_ids=ids_of(contribution)[:1])
    draft = ContributionFactory.create(contributor=contribution.contributor)
    with pytest.raises(RecordsNotSeparableError):
        withdraw_records(actor=contribution.contributor, contribution_id=draft.pk, record_ids=["0" * 32])
    assert not Withdrawal.objects.exists()


def test_by_api(contribution: Contribution, owner: Client) -> None:
    listed = owner.get(reverse("ingestion-api:records", args=[contribution.pk])).json()
    assert (listed["total"], listed["next"], len(listed["records"])) == (60, 51, 50)
    first, ids = listed["records"][0], ids_of(contribution)
    assert first == {
        "row": 1,
        "record_id": ids[0],
        "values": {"text": TEXTS[0]},
        "withdrawn": False,
    }
    address = reverse("licensing-api:withdraw-records", args=[contribution.pk])
    told = owner.post(address, {"record_ids": [first["record_id"]]}, content_type="application/json")
    assert (told.status_code, told.json()) == (200, {"state": "accepted", "withdrawn": 1, "left": 59})
    (again,) = owner.get(reverse("ingestion-api:records", args=[contribution.pk])).json()["records"][:1]
    assert (again["values"], again["withdrawn"]) == ({}, True)
    rest = owner.get(reverse("ingestion-api:records", args=[contribution.pk]), {"first": 51}).json()
    assert (rest["next"], [each["row"] for each in rest["records"]]) == (None, list(range(51, 61)))

    unknown = owner.post(address, {"record_ids": [new_id().hex]}, content_type="application/json")
    assert (unknown.status_code, unknown.json()["code"]) == (400, "records_unknown")
    misspelt: list[dict[str, Any]] = [{}, {"record_ids": []}, {"record_ids": ["short"]}, {"record_ids": ids, "all": 1}]
    for wrong in misspelt:
        assert owner.post(address, wrong, content_type="application/json").status_code == 400
    assert WithdrawnRecord.objects.count() == 1


def test_on_the_page_with_one_click(contribution: Contribution, owner: Client) -> None:
    page = reverse("ingestion:records", args=[contribution.pk])
    ids = ids_of(contribution)
    assert page in owner.get(f"/contributions/{contribution.pk}/").content.decode()
    shown = owner.get(page, {"page": 2}).content.decode()
    assert "&lt;b&gt;word50&lt;/b&gt;" in shown
    assert TEXTS[50] not in shown
    assert f'value="{ids[49]}"' not in shown
    assert "word3&lt;" in owner.get(page, {"id": ids[3]}).content.decode()
    assert "No such record" in owner.get(page, {"id": "0" * 32}).content.decode()

    address = reverse("licensing:withdraw-records", args=[contribution.pk])
    told = owner.post(address, {"records": [ids[3], ids[4]]}, follow=True).content.decode()
    assert "2 records are taken back." in told
    assert "word3&lt;" not in told
    assert set(ConsentEventRecord.objects.values_list("record_id", flat=True)) == {ids[3], ids[4]}
    run_all_jobs()
    assert "word2&lt;" in owner.get(page).content.decode(), "the others are read from the redacted object"
    assert "Tick the records first" in owner.post(address, follow=True).content.decode()
