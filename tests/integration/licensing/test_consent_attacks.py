"""What a provider, a table or an archive could try, and what time does to a guardian's answer."""

import io
import zipfile
from contextlib import suppress
from datetime import date, timedelta

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from pytest_django import Settings

from collective.accounts.models import Membership, Organization, User
from collective.catalog.domain.records import RecordPlace
from collective.catalog.errors import ContributionNotFoundError
from collective.catalog.models import Contribution, DatasetVersion
from collective.catalog.services import decide_contribution
from licensing import services
from licensing.errors import ClaimOwnError, EvidenceTooLargeError, ImportRefusedError
from licensing.invariants import guardians_answers_end
from licensing.models import ConsentEvent, Evidence, Offer, Person, RecordSubject
from licensing.selectors import sellable_offers, version_blockers
from licensing.services import majority
from licensing.services.consent import places_of
from licensing.services.evidence import content_of, files_from, files_in
from licensing.services.imports import TABLE_MAX
from licensing.services.people import recorded_person
from tests.factories import UserFactory
from tests.integration.licensing import world
from tests.integration.licensing.consents import answers, claimed, finder, person_in, says
from tests.integration.licensing.test_consent_import import RECORDS, brought, line, table, validated
from tests.integration.licensing.test_consent_pages import as_user
from tests.integration.licensing.test_guardians import birthday, child

__all__ = ["birthday", "child", "finder", "validated"]


def member_of(organization: Organization) -> User:
    user: User = UserFactory.create()
    Membership.objects.create(organization=organization, user=user, role="member")
    return user


def test_nobody_who_brought_the_answers_becomes_the_person(
    contribution: Contribution, version: DatasetVersion, contributor: User, steward: User, child: Person
) -> None:
    person = person_in(contribution, "SPK-9")
    says(contribution, person, refuse=("train",))
    parent = recorded_person(contribution.payee, "PARENT")
    colleague = member_of(contribution.dataset.organization)
    for each in (person, child, parent):
        claim = services.claim_of(actor=contributor, contribution=contribution, person_id=each.pk)
        for provider in (contributor, steward, colleague):
            with pytest.raises(ClaimOwnError):
                services.claim_person(actor=provider, claim=claim)
        each.refresh_from_db()
        assert each.account is None
    assert as_user(contributor).post(f"/consent/claims/{claim}/").status_code == 403
    assert sellable_offers(version) == []
    assert claimed(contribution, person).pk == Person.objects.get(pk=person.pk).account_id


def again(contribution: Contribution, child: Person) -> Contribution:
    """Another contribution with the child in it, where the guardian said the same, on a day before."""
    dataset, before = contribution.dataset, child.consent_events.get(kind="given")
    steward = dataset.organization.memberships.get(role="owner").user
    made = world.accepted(dataset, contribution.contributor, steward, title="Second")
    RecordSubject.objects.create(contribution=made, person=child, role="speaker", is_whole=True)
    says(made, child, guardian=before.guardian, evidence=before.evidence)
    return made


def kinds(contribution: Contribution, child: Person) -> list[str]:
    return list(contribution.consent_events.filter(person=child).order_by("at", "id").values_list("kind", flat=True))


def test_g07_what_comes_after_the_birthday_is_asked_about_too(
    contribution: Contribution, child: Person, birthday: date
) -> None:
    with time_machine.travel(birthday, tick=False):
        services.ask_those_of_age()
        second = again(contribution, child)
    with time_machine.travel(birthday + timedelta(days=4), tick=False):
        assert list(guardians_answers_end()) == [
            f"a guardian still answers for {child} of age in contribution {second.pk}"
        ]
        for _ in range(2):
            services.ask_those_of_age()
        assert list(guardians_answers_end()) == []
    assert kinds(contribution, child) == kinds(second, child) == ["given", "requested"]
    with time_machine.travel(birthday + timedelta(days=37), tick=False):
        assert len(list(guardians_answers_end())) == 2
        services.ask_those_of_age()
        assert list(guardians_answers_end()) == []
    second.refresh_from_db()
    assert second.state == "withdrawn"


def test_an_answer_given_while_the_job_runs_stands(
    contribution: Contribution, child: Person, birthday: date, monkeypatch: pytest.MonkeyPatch
) -> None:
    account = claimed(contribution, child)
    with time_machine.travel(birthday, tick=False):
        services.ask_those_of_age()
    with time_machine.travel(birthday + timedelta(days=31)):

        def answered(row: Contribution, subjects: list[RecordSubject]) -> list[RecordPlace]:
            """Between the job's look and its lock."""
            services.change_consent(actor=account, contribution_id=row.pk, answers=answers())
            return places_of(row, subjects)

        monkeypatch.setattr(majority, "places_of", answered)
        services.ask_those_of_age()
    contribution.refresh_from_db()
    assert kinds(contribution, child) == ["given", "requested", "renewed"]
    assert (contribution.state, contribution.withdrawn_records.count()) == ("accepted", 0)


def test_g07_nothing_is_sold_from_the_birthday_on(
    contribution: Contribution, version: DatasetVersion, offer: Offer, child: Person, birthday: date
) -> None:
    """Whether the daily job has run by then or not."""
    with time_machine.travel(birthday - timedelta(days=1), tick=False):
        assert sellable_offers(version) == [offer]
    with time_machine.travel(birthday, tick=False):
        assert sellable_offers(version) == []
        assert [each.code for each in version_blockers(version, offer.terms_view)] == ["renewal_pending"]
        says(contribution, child)
        assert sellable_offers(version) == [offer]


MINOR = {"birth": "2015-01-01", "country": "SN", "guardian": "PARENT", "evidence": "form.pdf"}


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"guardian": "UNCLE"}, "guardian"),
        ({"birth": "2016-01-01"}, "birth"),
        ({"country": "EG"}, "birth"),
        ({"guardian": "CHILD"}, "guardian"),
    ],
)
@pytest.mark.parametrize("at_once", [True, False])
def test_a_table_does_not_change_who_answers_nor_until_when(
    validated: Contribution, steward: User, change: dict[str, str], place: str, *, at_once: bool
) -> None:
    first, second = line("CHILD", **MINOR), line("CHILD", RECORDS[0], **{**MINOR, **change})
    if not at_once:
        brought(validated, steward, first)
    with pytest.raises(ImportRefusedError) as refused:
        brought(validated, steward, *[first][: int(at_once)], second)
    assert f"row {2 + at_once}, {place}" in refused.value.fields
    assert {key.split(", ")[1] for key in refused.value.fields} == {place}
    assert RecordSubject.objects.filter(is_whole=False).count() == 0


def test_a_table_does_not_overrule_a_guardian_with_an_account(validated: Contribution, steward: User) -> None:
    brought(validated, steward, line("CHILD", **MINOR))
    child = Person.objects.exclude(birth_sealed="").get()
    parent = claimed(validated, recorded_person(validated.payee, "PARENT"))
    services.change_consent(
        actor=parent, contribution_id=validated.pk, answers=answers(uses={"access": True}), ward=child.pk
    )
    for guardian in ("PARENT", "UNCLE"):
        with pytest.raises(ImportRefusedError) as refused:
            brought(validated, steward, line("CHILD", yes="access train", **{**MINOR, "guardian": guardian}))
        assert list(refused.value.fields) == ["row 2, guardian"]
    assert child.consent_events.order_by("-at", "-id")[0].actor == parent
    assert [ward.person for ward in services.wards_of(parent)] == [child]
    with time_machine.travel("2033-02-01"):
        brought(validated, steward, line("CHILD", date="2033-01-10"))
        assert services.wards_of(parent) == []


def zipped(*files: tuple[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", method) as archive:
        for name, content in files:
            archive.writestr(name, content)
    return packed.getvalue()


def test_two_files_with_one_name_are_refused_and_named() -> None:
    with pytest.raises(ImportRefusedError) as refused:
        files_in(zipped(("a/form.pdf", b"one"), ("b/form.pdf", b"two"), ("c.pdf", b"three")))
    assert refused.value.fields == {"evidence": ["Several files have the same name: form.pdf."]}
    with pytest.raises(ImportRefusedError, match="Nothing"):
        files_from([("form.pdf", b"one"), ("more.zip", zipped(("a/form.pdf", b"two")))])


@pytest.mark.parametrize("method", [zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_damaged_archive_is_refused(method: int) -> None:
    whole = zipped(("form.pdf", bytes(range(256)) * 40), method=method)
    assert list(files_in(whole)) == ["form.pdf"]
    for start in range(4, len(whole), 7):
        damaged = bytearray(whole)
        damaged[start : start + 12] = bytes(byte ^ 0xFF for byte in whole[start : start + 12])
        with suppress(ImportRefusedError, EvidenceTooLargeError):
            assert list(files_in(bytes(damaged))) != []
    damaged = bytearray(whole)
    damaged[50:62] = bytes(byte ^ 0xFF for byte in whole[50:62])
    with pytest.raises(ImportRefusedError):
        files_in(bytes(damaged))


def test_archives_are_bounded_together(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("licensing.services.evidence.ARCHIVE_MAX", 1000)
    packed = [(f"{number}.zip", zipped((f"{number}.pdf", bytes(400)))) for number in range(3)]
    assert len(files_from(packed[:2])) == 2
    sent = iter([*packed, *packed])
    with pytest.raises(EvidenceTooLargeError):
        files_from(sent)
    assert len(list(sent)) == 3
    monkeypatch.setattr("licensing.services.evidence.ARCHIVES_MAX", 1)
    with pytest.raises(ImportRefusedError):
        files_from(packed[:2])


def test_nothing_is_opened_for_a_stranger(validated: Contribution, buyer: User, steward: User) -> None:
    sent = iter([("form.pdf", b"signed")])
    with pytest.raises(ContributionNotFoundError):
        services.import_consents(actor=buyer, contribution_id=validated.pk, table=table(line()), evidence=sent)
    large = b"x" * (TABLE_MAX + 1)
    with pytest.raises(ImportRefusedError) as refused:
        services.import_consents(actor=steward, contribution_id=validated.pk, table=large, evidence=sent)
    assert list(refused.value.fields) == ["row 1, person"]
    assert len(list(sent)) == 1
    damaged = bytearray(zipped(("form.pdf", bytes(range(256)) * 40)))
    damaged[50:62] = bytes(12)
    archive = SimpleUploadedFile("a.zip", bytes(damaged))
    body = {"table": SimpleUploadedFile("t.csv", table(line())), "evidence": [archive]}
    answer = as_user(steward).post(f"/api/v1/contributions/{validated.pk}/people", body)
    assert (answer.status_code, list(answer.json()["fields"])) == (400, ["evidence"])


def test_the_same_table_with_another_proof_is_taken_in(validated: Contribution, steward: User) -> None:
    row = line("SPK-1", evidence="form.pdf")
    first = brought(validated, steward, row)
    second = brought(validated, steward, row, **{"form.pdf": b"signed, this time by the right person"})
    assert first != second
    last = ConsentEvent.objects.exclude(evidence=None).order_by("-at", "-id")[0]
    assert last.evidence is not None
    assert content_of(last.evidence) == b"signed, this time by the right person"
    assert brought(validated, steward, row) == first
    assert Evidence.objects.count() == 2


def test_proof_of_what_was_rejected_goes(validated: Contribution, steward: User, settings: Settings) -> None:
    settings.EVIDENCE_RETENTION_DAYS = 30
    brought(validated, steward, line("SPK-1", evidence="form.pdf"))
    decide_contribution(actor=steward, contribution_id=validated.pk, accept=False, reason="Too loud.")
    with time_machine.travel(timezone.now() + timedelta(days=29), tick=False):
        assert services.delete_evidence() == 0
    with time_machine.travel(timezone.now() + timedelta(days=31), tick=False):
        assert services.delete_evidence() == 1
    assert Evidence.objects.get().deleted_at is not None


@pytest.mark.parametrize("answers_in_time", [True, False])
def test_a_day_of_birth_is_kept_for_minors_only(
    contribution: Contribution, child: Person, birthday: date, *, answers_in_time: bool
) -> None:
    account = claimed(contribution, child)
    for days, kept in ((-1, True), (0, True), (20, not answers_in_time), (31, False)):
        with time_machine.travel(birthday + timedelta(days=days), tick=False):
            if days == 20 and answers_in_time:
                services.change_consent(actor=account, contribution_id=contribution.pk, answers=answers())
            services.ask_those_of_age()
            child.refresh_from_db()
            assert bool(child.birth_sealed) is kept
            assert child.is_of_age is (days >= 0)
    with time_machine.travel(birthday + timedelta(days=40), tick=False):
        services.ask_those_of_age()
    after = {"renewed"} if answers_in_time else {"expired", "withdrawn"}
    assert set(kinds(contribution, child)) == {"given", "requested", *after}
