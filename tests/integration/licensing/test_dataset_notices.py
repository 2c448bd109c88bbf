"""A steward's own words to the people in the data: versions, languages, and what was answered before."""

import json

import pytest
from django.test import Client

from collective.accounts.models import User
from collective.catalog.models import Contribution, Dataset
from collective.core.errors import DeniedError
from licensing import services
from licensing.domain.declarations import Consent
from licensing.errors import NoticeChangedError, NoticeWrongError
from licensing.models import ConsentEvent, ConsentNotice
from licensing.selectors import current_notice, rights_of
from licensing.services import Answers, Wording
from tests.integration.licensing import world
from tests.integration.licensing.test_consent_pages import as_user

OWN = Wording(text="Your songs teach machines.", purposes=("access", "train"), grace_days=60)


def own_notice(dataset: Dataset, steward: User) -> ConsentNotice:
    return services.publish_dataset_notice(actor=steward, dataset_id=dataset.pk, wording=OWN)


def test_it_is_what_people_of_this_dataset_answer_to(
    contribution: Contribution, dataset: Dataset, steward: User, contributor: User
) -> None:
    before = current_notice(dataset_id=dataset.pk)
    made = own_notice(dataset, steward)
    assert (made.version, made.dataset, current_notice(dataset_id=dataset.pk)) == (1, dataset, made)
    assert current_notice() == before
    said = ConsentEvent.objects.get(contribution=contribution)
    assert (said.notice, rights_of([contribution])[0].answers["embedRag"]) == (before, "given")
    old = Answers(before.text_sha256, {"access": True})
    with pytest.raises(NoticeChangedError):
        services.change_consent(actor=contributor, contribution_id=contribution.pk, answers=old)
    new = Answers(made.text_sha256, {"access": True, "train": True})
    (event,) = services.change_consent(actor=contributor, contribution_id=contribution.pk, answers=new)
    assert (event.notice, event.answers) == (made, {"access": "given", "train": "given"})


def test_a_new_contribution_is_declared_under_it(dataset: Dataset, steward: User, contributor: User) -> None:
    made = own_notice(dataset, steward)
    draft = world.drafted(dataset, contributor)
    with pytest.raises(NoticeChangedError):
        services.declare_rights(actor=contributor, contribution_id=draft.pk, declaration=world.declaration())
    consent = Consent(notice_sha256=made.text_sha256, answers={"access": True})
    said = world.declaration()
    said = type(said)(said.source, consent, said.statement_sha256, said.signer_name)
    services.declare_rights(actor=contributor, contribution_id=draft.pk, declaration=said)
    assert draft.consent_events.get().notice == made


def test_versions_and_languages_are_counted_apart(dataset: Dataset, steward: User, buyer: User) -> None:
    first = own_notice(dataset, steward)
    french = services.publish_dataset_notice(
        actor=steward, dataset_id=dataset.pk, wording=Wording(text="Vos chants.", language="fr", version=1)
    )
    assert (french.version, french.purposes, french.grace_days) == (1, first.purposes, 60)
    assert current_notice("fr-SN", dataset_id=dataset.pk) == french
    second = services.publish_dataset_notice(actor=steward, dataset_id=dataset.pk, wording=Wording(text="Second."))
    assert (second.version, current_notice("fr", dataset_id=dataset.pk)) == (2, second)
    for wrong in (OWN, Wording(text="x", version=9), Wording(text="x", version=2), Wording(text="", language="de")):
        with pytest.raises(NoticeWrongError):
            services.publish_dataset_notice(actor=steward, dataset_id=dataset.pk, wording=wrong)
    with pytest.raises(DeniedError):
        services.publish_dataset_notice(actor=buyer, dataset_id=dataset.pk, wording=Wording(text="Mine."))
    assert ConsentNotice.objects.filter(dataset=dataset).count() == 3


def test_by_web_and_by_api(dataset: Dataset, steward: User, buyer: User) -> None:
    me, page = as_user(steward), f"/desk/{dataset.repo_id}/notices/"
    address = f"/api/v1/datasets/{dataset.repo_id}/consent-notices"
    assert "the text of this site" in me.get(page).content.decode()
    filled = {"version": "", "language": "en", "text": OWN.text, "purposes": ["access", "train"], "grace_days": "60"}
    assert me.post(page, filled).status_code == 302
    shown = me.get(page).content.decode()
    assert "your own text" in shown
    assert "Train models on it" in shown
    assert "was not published before" in me.post(page, filled).content.decode()
    made = me.post(address, json.dumps({"text": "Jàngal.", "language": "wo", "version": 1}), "application/json")
    assert (made.status_code, made.json()["asks"]) == (201, ["access", "train"])
    read = as_user(buyer).get(address, headers={"accept-language": "wo"}).json()
    assert (read["current"]["text"], [each["language"] for each in read["notices"]]) == ("Jàngal.", ["en", "wo"])
    assert as_user(buyer).post(address, json.dumps({"text": "Mine."}), "application/json").status_code == 403
    assert Client().post(address, json.dumps({"text": "Mine."}), "application/json").status_code == 401
