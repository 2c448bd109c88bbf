"""Whoever is in a record decides with the others: scenarios G03, G05, G07 and G09 of the governance reference."""

from dataclasses import replace
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import IntegrityError, transaction
from django.utils import timezone

from collective.accounts.models import User
from collective.catalog.errors import ContributionNotFoundError
from collective.catalog.models import Contribution, Dataset, DatasetVersion
from collective.core.models import AuditEvent
from licensing import services
from licensing.domain.actions import ACTION_CODES
from licensing.domain.declarations import Declaration
from licensing.errors import (
    ClaimTakenError,
    ConsentWithdrawnError,
    GuardianNeededError,
    NoticeChangedError,
    NoticeWrongError,
    RecordsNotYoursError,
)
from licensing.invariants import records_of_the_withdrawn_are_gone, sales_are_covered, withdrawn_is_unservable
from licensing.models import (
    ConsentEvent,
    ConsentNotice,
    Evidence,
    LicenseGrant,
    Offer,
)
from licensing.policies import may_withdraw
from licensing.selectors import current_notice, rights_of, sellable_offers, version_blockers
from licensing.selectors.answerers import Answerer
from licensing.selectors.consent import parties_of
from licensing.selectors.joint import records_gone_with_others
from licensing.services.people import keep_identity
from tests.factories import UserFactory
from tests.integration.licensing import world
from tests.integration.licensing.consents import (
    ALL,
    RECORDS,
    answers,
    claimed,
    finder,
    guarded,
    person_in,
    published,
    rights,
    says,
)

__all__ = ["finder"]


def test_everybody_in_it_must_agree(contribution: Contribution, version: DatasetVersion, offer: Offer) -> None:
    assert sellable_offers(version) == [offer]
    person = person_in(contribution, "SPK-1")
    assert [each.code for each in version_blockers(version, offer.terms_view)] == [
        "consent_missing",
    ]
    says(contribution, person, refuse=("train",))
    assert [each.code for each in version_blockers(version, offer.terms_view)] == ["action_refused"]
    says(contribution, person)
    assert sellable_offers(version) == [offer]
    ConsentEvent.objects.create(contribution=contribution, person=person, kind="refused", at=timezone.now())
    assert sellable_offers(version) == []


def test_queries_do_not_grow_with_people(
    contribution: Contribution, dataset: Dataset, steward: User, django_assert_num_queries: object
) -> None:
    more = [world.accepted(dataset, UserFactory.create(), steward) for _ in range(2)]
    for number in range(5):
        says(contribution, person_in(contribution, f"SPK-{number}", RECORDS[:4]))
    with django_assert_num_queries(3):  # type: ignore[operator] # a fixture of pytest-django
        rights_of([contribution, *more])


def test_narrowing_counts_at_once(
    contribution: Contribution, version: DatasetVersion, offer: Offer, contributor: User, steward: User
) -> None:
    (event,) = services.change_consent(
        actor=contributor, contribution_id=contribution.pk, answers=answers(uses={**ALL, "train": False})
    )
    assert sellable_offers(version) == []
    assert (event.kind, event.answers["train"], event.people) == ("given", "refused", "self")
    assert ConsentEvent.objects.filter(contribution=contribution).count() == 2
    with pytest.raises(ContributionNotFoundError):
        services.change_consent(actor=steward, contribution_id=contribution.pk, answers=answers())
    with pytest.raises(ContributionNotFoundError):
        services.withdraw_contribution(actor=steward, contribution_id=contribution.pk)
    assert ConsentEvent.objects.filter(contribution=contribution).count() == 2

    services.withdraw_contribution(actor=contributor, contribution_id=contribution.pk)
    with pytest.raises(ConsentWithdrawnError):
        services.change_consent(actor=contributor, contribution_id=contribution.pk, answers=answers())


def test_g03_a_joint_record_goes_whole(contribution: Contribution, version: DatasetVersion, offer: Offer) -> None:
    ama = person_in(contribution, "SPK-ama", RECORDS[:3])
    kofi = person_in(contribution, "SPK-kofi", RECORDS[2:6])
    for each in (ama, kofi):
        says(contribution, each)
    assert sellable_offers(version) == [offer]
    hers, his = claimed(contribution, ama), claimed(contribution, kofi)
    stranger = UserFactory.create()
    assert may_withdraw(hers, contribution, RECORDS[:3])
    assert not may_withdraw(hers, contribution, RECORDS[:4])
    assert not may_withdraw(hers, contribution)
    assert not may_withdraw(stranger, contribution, RECORDS[:1])
    with pytest.raises(RecordsNotYoursError):
        services.withdraw_records(actor=hers, contribution_id=contribution.pk, record_ids=RECORDS[3:4])

    services.withdraw_contribution(actor=hers, contribution_id=contribution.pk)

    gone = set(contribution.withdrawn_records.values_list("record_id", flat=True))
    assert gone == set(RECORDS[:3])
    version.refresh_from_db()
    assert version.state == "withdrawn_content"
    after = rights(contribution)
    assert (after.consented, after.withdrawn, contribution.state) == (True, False, "accepted")
    states = {party.person_id: party.state for party in parties_of([contribution.pk])[contribution.pk]}
    assert (states[ama.pk].withdrawn, states[kofi.pk].given, states[kofi.pk].withdrawn) == (True, True, False)
    assert records_gone_with_others(contribution, his.pk, {kofi.pk}) == 1
    assert records_gone_with_others(contribution, hers.pk, {ama.pk}) == 0
    assert list(records_of_the_withdrawn_are_gone()) == []
    assert list(withdrawn_is_unservable()) == []


def test_somebody_in_all_of_it_takes_all_of_it(contribution: Contribution, version: DatasetVersion) -> None:
    person = person_in(contribution, "SPK-1")
    says(contribution, person)
    services.withdraw_contribution(actor=claimed(contribution, person), contribution_id=contribution.pk)
    contribution.refresh_from_db()
    assert contribution.state == "withdrawn"
    assert list(withdrawn_is_unservable()) == []


def test_single_records_and_then_everything(contribution: Contribution, contributor: User) -> None:
    for _ in range(2):
        services.withdraw_records(actor=contributor, contribution_id=contribution.pk, record_ids=RECORDS[:2])
    events = ConsentEvent.objects.filter(contribution=contribution, kind="withdrawn")
    assert [(event.record_count, event.records.count()) for event in events] == [(2, 2)]
    assert rights(contribution).consented
    assert services.withdraw_everything(actor=contributor) == 1
    assert rights(contribution).withdrawn


def test_g05_an_older_answer_is_no_answer_to_a_new_question(
    contribution: Contribution, dataset: Dataset, steward: User, contributor: User
) -> None:
    first = current_notice()
    v7 = published(text="Seven.", purposes=[code for code in ACTION_CODES if code != "embedRag"])
    old = world.accepted(dataset, contributor, steward, _without_rag(), title="Seven")
    v8 = published(text="Eight: also RAG.", purposes=ACTION_CODES)
    published(text="Huit.", language="fr", version=v8.version)
    new = world.accepted(dataset, UserFactory.create(), steward, title="Eight")

    seven, eight = rights(old), rights(new)
    assert (v7.version, v8.version) == (first.version + 1, first.version + 2)
    assert (seven.answers.get("embedRag"), eight.answers["embedRag"]) == (None, "given")
    version = world.publish(dataset, steward)
    blocked = version_blockers(version, world.license_named("CC-BY-4.0").terms_view)
    assert [(each.title, each.code) for each in blocked] == [("Seven", "action_refused")]
    assert version_blockers(version, world.license_named(world.TRAIN).terms_view) == []
    said = ConsentEvent.objects.get(contribution=old, kind="given")
    assert said.notice is not None
    assert said.notice.text_sha256 == v7.text_sha256
    with pytest.raises(NoticeChangedError):
        services.change_consent(
            actor=contributor, contribution_id=old.pk, answers=answers(notice_sha256=v7.text_sha256)
        )
    french = current_notice("fr-SN")
    assert (french.text, french.version) == ("Huit.", v8.version)
    services.change_consent(
        actor=contributor, contribution_id=old.pk, answers=answers(notice_sha256=french.text_sha256)
    )
    assert rights(old).answers["embedRag"] == "given"
    assert list(Answerer(contributor).events(old).values_list("notice__text", flat=True)) == ["Huit.", "Seven."]


def _without_rag() -> Declaration:
    said = world.declaration()
    return replace(said, consent=replace(said.consent, answers={code: code != "embedRag" for code in ACTION_CODES}))


def test_a_notice_is_new_or_a_translation(db: None, steward: User) -> None:
    count = ConsentNotice.objects.count()
    first = current_notice()
    for wrong in (
        {"text": first.text},
        {"text": "x", "language": "en", "version": first.version},
        {"text": "x", "language": "fr", "version": 99},
        {"text": "x", "purposes": ["everything"]},
        {"text": "x", "purposes": ["train"]},
        {"text": " "},
        {"text": "x", "language": "English"},
        {"text": "x", "grace_days": 0},
    ):
        with pytest.raises(NoticeWrongError):
            published(**wrong)
    assert ConsentNotice.objects.count() == count


def test_a_notice_by_command(db: None, tmp_path: Path) -> None:
    file, told = tmp_path / "notice.txt", StringIO()
    file.write_text("A new text.", encoding="utf-8")
    call_command("publish_notice", file, "--asks", "access", "train", "--grace-days", "60", stdout=told)
    made = current_notice()
    assert (made.text, made.asked, made.grace_days) == ("A new text.", ("access", "train"), 60)
    assert made.text_sha256 in told.getvalue()
    with pytest.raises(CommandError, match="not published before"):
        call_command("publish_notice", file)


@pytest.mark.parametrize("some", [None, RECORDS[:3]])
def test_g07_a_guardian_answers_until_the_birthday(
    contribution: Contribution, version: DatasetVersion, offer: Offer, buyer: User, some: list[str] | None
) -> None:
    today = timezone.localdate()
    child = guarded(contribution, today.replace(year=today.year - 17, day=1), some)
    birthday = today.replace(year=today.year + 1, day=1)
    assert not rights(contribution).exclusive
    account = claimed(contribution, child)
    with pytest.raises(GuardianNeededError):
        services.change_consent(actor=account, contribution_id=contribution.pk, answers=answers())
    world.granted(offer, version, buyer)
    services.ask_those_of_age()
    assert sellable_offers(version) == [offer]

    with time_machine.travel(birthday):
        for _ in range(2):
            services.ask_those_of_age()
        assert sellable_offers(version) == []
        assert [each.code for each in version_blockers(version, offer.terms_view)] == ["renewal_pending"]
        services.deliver_manifest(actor=buyer, key=None, version=version)
        assert ConsentEvent.objects.filter(kind="requested").count() == 1
        (own,) = services.change_consent(actor=account, contribution_id=contribution.pk, answers=answers())
        assert (own.kind, own.guardian) == ("renewed", None)
        assert sellable_offers(version) == [offer]
    with time_machine.travel(birthday + timedelta(days=90), tick=False):
        services.ask_those_of_age()
        assert sellable_offers(version) == [offer]


@pytest.mark.parametrize("some", [None, RECORDS[:3]])
def test_g07_silence_is_a_no(contribution: Contribution, version: DatasetVersion, some: list[str] | None) -> None:
    today = timezone.localdate()
    guarded(contribution, today.replace(year=today.year - 17, day=1), some)
    birthday = today.replace(year=today.year + 1, day=1)
    with time_machine.travel(birthday, tick=False):
        services.ask_those_of_age()
    with time_machine.travel(birthday + timedelta(days=30), tick=False):
        services.ask_those_of_age()
        version.refresh_from_db()
        assert version.state == "published"
    with time_machine.travel(birthday + timedelta(days=32), tick=False):
        for _ in range(2):
            services.ask_those_of_age()
        version.refresh_from_db()
        assert version.state == "withdrawn_content"
    after = rights(contribution)
    assert (contribution.state, after.consented) == (("withdrawn", False) if some is None else ("accepted", True))
    assert list(withdrawn_is_unservable()) == []
    assert list(records_of_the_withdrawn_are_gone()) == []


def test_a_claim_links_once(contribution: Contribution, buyer: User) -> None:
    person = person_in(contribution, "SPK-1")
    keep_identity(person, name="Ama Mensah", contact="ama@example.org")
    claim = services.claim_of(actor=contribution.contributor, contribution=contribution, person_id=person.pk)
    for _ in range(2):
        services.claim_person(actor=buyer, claim=claim)
    with pytest.raises(ClaimTakenError):
        services.claim_person(actor=UserFactory.create(), claim=claim)
    person.refresh_from_db()
    assert person.account == buyer
    assert "Ama" not in person.identity.sealed
    assert "SPK" not in person.reference_mac


def test_g09_consent_and_copyright_are_two_things(dataset: Dataset, contributor: User, steward: User) -> None:
    said = world.declaration(license_id="CC0-1.0")
    free = world.accepted(dataset, contributor, steward, said)
    services.withdraw_contribution(actor=contributor, contribution_id=free.pk)
    after = rights(free)
    assert (after.withdrawn, after.material_license) == (True, "CC0-1.0")


@pytest.mark.parametrize(
    "wrong",
    [
        {"special_category": "health", "basis": "contract_6_1_b"},
        {"special_category": "biometric", "basis": "interest_6_1_f", "assessment": "Weighed."},
        {"basis": "interest_6_1_f"},
    ],
)
def test_the_database_refuses_a_basis_that_cannot_carry_it(contribution: Contribution, wrong: dict[str, Any]) -> None:
    person = person_in(contribution, "SPK-1")
    with pytest.raises(IntegrityError), transaction.atomic():
        says(contribution, person, **wrong)
    says(contribution, person, special_category="health")


def test_unknown_proof_is_not_sold(contribution: Contribution, version: DatasetVersion, offer: Offer) -> None:
    """B, C and D: held by the provider, said by the provider, and nobody has said anything."""
    person = person_in(contribution, "SPK-1")
    assert (rights(contribution).assurance, sellable_offers(version)) == ("D", [])
    says(contribution, person)
    assert (rights(contribution).assurance, sellable_offers(version)) == ("C", [offer])
    facts = {"kind": "contract", "sha256": "d" * 64, "added_by": contribution.contributor, "added_at": timezone.now()}
    says(contribution, person, evidence=Evidence.objects.create(contribution=contribution, **facts))
    assert (rights(contribution).assurance, sellable_offers(version)) == ("B", [offer])


@pytest.mark.parametrize("record_ids", [RECORDS, RECORDS[:1]])
def test_what_a_person_says_of_it_is_not_in_the_audit_trail(contribution: Contribution, record_ids: list[str]) -> None:
    said, actor = "I am Ama Mensah, and I am ill.", contribution.contributor
    services.withdraw_records(actor=actor, contribution_id=contribution.pk, record_ids=record_ids, reason=said)
    assert ConsentEvent.objects.get(kind="withdrawn").reason == said
    trail = list(AuditEvent.objects.filter(action__startswith="catalog.").values_list("action", "reason", "data"))
    assert any("withdrawn" in action for action, _, _ in trail)
    assert said not in str(trail)


def test_a_sale_is_judged_by_what_people_had_said_then(
    contribution: Contribution, version: DatasetVersion, grant: LicenseGrant
) -> None:
    person_in(contribution, "SPK-1")
    services.change_consent(
        actor=contribution.contributor, contribution_id=contribution.pk, answers=answers(uses={"access": True})
    )
    assert sellable_offers(version) == []
    assert version_blockers(version, grant.offer.terms_view)
    assert list(sales_are_covered()) == []
