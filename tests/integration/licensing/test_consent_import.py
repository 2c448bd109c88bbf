"""Bringing in a table of answers: whole or not at all, once, and never wider than what was there."""

import io
import zipfile
from collections.abc import Collection
from typing import Any
from uuid import UUID

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from collective.accounts.models import User
from collective.catalog import services as catalog
from collective.catalog.domain import records
from collective.catalog.domain.records import RecordPlace
from collective.catalog.models import Contribution, Dataset
from collective.core.models import AuditEvent
from collective.core.storage import incoming
from ingestion.services.sweeping import sweep_store
from licensing import services
from licensing.errors import EvidenceTooLargeError, ImportRefusedError, RightsLockedError
from licensing.models import ConsentEvent, ConsentImport, Evidence, Person, RecordSubject
from licensing.models.sealing import identity_in
from licensing.selectors import rights_of
from licensing.services.evidence import content_of, files_in
from tests.integration.licensing import world

RECORDS = [f"{number:032x}" for number in range(10)]
HEADER = "person,records,role,notice,yes,date,commercial,evidence,guardian,birth,country,basis,assessment,name"
YES = "access train evaluate"


def line(person: str = "SPK-1", records_: str = "*", **said: str) -> str:
    row = {"person": person, "records": records_, "role": "speaker", "notice": "1", "yes": YES, "date": "2026-09-14"}
    return ",".join({**row, "commercial": "yes", **said}.get(name, "") for name in HEADER.split(","))


def table(*lines: str) -> bytes:
    return "\n".join([HEADER, *lines]).encode()


@pytest.fixture(autouse=True)
def finder(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every contribution here holds the same ten records."""

    def find(_contribution: UUID, wanted: Collection[str]) -> list[RecordPlace]:
        return [RecordPlace(key, "a" * 64, "b" * 64, row) for row, key in enumerate(RECORDS) if key in wanted]

    monkeypatch.setattr(records, "_FINDER", [find])


@pytest.fixture
def validated(dataset: Dataset, contributor: User) -> Contribution:
    made = world.drafted(dataset, contributor)
    services.declare_rights(actor=contributor, contribution_id=made.pk, declaration=world.declaration())
    catalog.submit_contribution(actor=contributor, contribution_id=made.pk)
    catalog.begin_validation(contribution_id=made.pk)
    catalog.finish_validation(contribution_id=made.pk, passed=True, record_count=10, byte_count=100)
    made.refresh_from_db()
    return made


def brought(contribution: Contribution, actor: User, *lines: str, **files: bytes) -> ConsentImport:
    sent = {"form.pdf": b"signed", **files}
    return services.import_consents(
        actor=actor, contribution_id=contribution.pk, table=table(*lines), evidence=sent.items()
    )


def test_a_table_becomes_people_and_answers(validated: Contribution, steward: User) -> None:
    lines = (
        line("SPK-1", evidence="form.pdf", name="Ama Mensah"),
        line("SPK-2", f"{RECORDS[0]} {RECORDS[1]}", yes="access"),
    )
    made = brought(validated, steward, *lines)
    assert brought(validated, steward, *lines) == made
    assert (made.rows, made.people, ConsentImport.objects.count()) == (2, 2, 1)
    assert [(each.is_whole, each.record_count) for each in RecordSubject.objects.order_by("id")] == [
        (True, None),
        (False, 2),
    ]
    found = rights_of([validated])[0]
    assert {code for code, answer in found.answers.items() if answer == "given"} == {"access"}
    assert (found.consented, found.assurance) == (True, "C")
    said = ConsentEvent.objects.get(evidence__isnull=False)
    assert said.evidence is not None
    assert (said.assurance, content_of(said.evidence)) == ("A", b"signed")
    assert b"signed" not in incoming().open(said.evidence.storage_key).read()
    identity = said.person.identity.sealed
    assert identity_in(identity) == {"name": "Ama Mensah", "contact": ""}
    assert not AuditEvent.objects.filter(data__icontains="Ama").exists()


def test_a_corrected_table_replaces_the_answer(validated: Contribution, steward: User) -> None:
    brought(validated, steward, line("SPK-2", RECORDS[0], yes="access"))
    brought(validated, steward, line("SPK-2", RECORDS[0]))
    assert RecordSubject.objects.count() == 1
    assert rights_of([validated])[0].answers["train"] == "given"


@pytest.mark.parametrize(
    ("said", "place"),
    [
        ({"records_": "abc"}, "records"),
        ({"records_": "f" * 32}, "records"),
        ({"role": "singer"}, "role"),
        ({"notice": "99"}, "notice"),
        ({"yes": "everything"}, "yes"),
        ({"yes": "voiceClone"}, "yes"),
        ({"date": "yesterday"}, "date"),
        ({"date": ""}, "date"),
        ({"date": "2999-01-01"}, "date"),
        ({"evidence": "lost.pdf"}, "evidence"),
        ({"basis": "interest_6_1_f"}, "assessment"),
        ({"birth": "2015-01-01", "country": "SN"}, "guardian"),
        ({"guardian": "PARENT"}, "evidence"),
        ({"commercial": "maybe"}, "commercial"),
    ],
)
def test_a_wrong_cell_is_named_and_nothing_is_taken_in(
    validated: Contribution, steward: User, said: dict[str, Any], place: str
) -> None:
    before = ConsentEvent.objects.count(), Person.objects.count()
    with pytest.raises(ImportRefusedError) as refused:
        brought(validated, steward, line("SPK-0"), line("SPK-1", **said))
    assert list(refused.value.fields) == [f"row 3, {place}"]
    assert (ConsentEvent.objects.count(), Person.objects.count()) == before
    assert not ConsentImport.objects.exists()
    assert not Evidence.objects.exists()


def test_every_wrong_cell_is_named_at_once(validated: Contribution, steward: User) -> None:
    with pytest.raises(ImportRefusedError) as refused:
        brought(validated, steward, line(role="singer", date="x"), line("SPK-2"), line("SPK-2"))
    assert set(refused.value.fields) == {"row 2, role", "row 2, date", "row 4, person"}


def test_a_guardian_answers_for_a_minor(validated: Contribution, steward: User) -> None:
    facts = {"birth": "2015-01-01", "country": "SN", "guardian": "PARENT", "evidence": "form.pdf"}
    brought(validated, steward, line("CHILD", **facts))
    child = Person.objects.exclude(birth_sealed="").get()
    assert "2015" not in child.birth_sealed
    assert child.consent_events.get().guardian is not None
    with pytest.raises(ImportRefusedError) as refused:
        brought(validated, steward, line("CHILD"))
    assert list(refused.value.fields) == ["row 2, guardian"]


def test_who_has_an_account_answers_alone(validated: Contribution, steward: User, buyer: User) -> None:
    brought(validated, steward, line("SPK-1"))
    person = RecordSubject.objects.get().person
    claim = services.claim_of(actor=steward, contribution=validated, person_id=person.pk)
    services.claim_person(actor=buyer, claim=claim)
    with pytest.raises(ImportRefusedError):
        brought(validated, steward, line("SPK-1", yes="access"))
    assert person.consent_events.count() == 1


def test_not_once_it_is_accepted(contribution: Contribution, steward: User) -> None:
    with pytest.raises(RightsLockedError):
        brought(contribution, steward, line())


def test_evidence_is_not_swept_away(validated: Contribution, steward: User, settings: pytest.FixtureRequest) -> None:
    settings.UPLOAD_ORPHAN_HOURS = -1  # type: ignore[attr-defined] # pytest-django's settings
    brought(validated, steward, line(evidence="form.pdf"))
    sweep_store()
    assert content_of(Evidence.objects.get()) == b"signed"


def test_an_archive_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("scans/form.pdf", b"signed")
    assert files_in(packed.getvalue()) == {"form.pdf": b"signed"}
    monkeypatch.setattr("licensing.services.evidence.FILE_MAX", 5)
    with pytest.raises(EvidenceTooLargeError):
        files_in(packed.getvalue())
    with pytest.raises(ImportRefusedError):
        files_in(b"no archive")


def test_by_web_and_by_api(validated: Contribution, steward: User, contributor: User) -> None:
    client = Client()
    client.force_login(steward)

    def sent(*lines: str) -> dict[str, Any]:
        return {"table": SimpleUploadedFile("people.csv", table(*lines))}

    page = client.post(f"/contributions/{validated.pk}/people/", sent(line(role="singer")))
    assert "row 2, role" in page.content.decode()
    refused = client.post(f"/api/v1/contributions/{validated.pk}/people", sent(line(role="singer")))
    assert (refused.status_code, list(refused.json()["fields"])) == (400, ["row 2, role"])
    assert client.post(f"/contributions/{validated.pk}/people/", sent(line())).status_code == 302
    again = client.post(f"/api/v1/contributions/{validated.pk}/people", sent(line()))
    assert again.json()["rows"] == 1
    people = client.get(f"/api/v1/contributions/{validated.pk}/people").json()["people"]
    assert [each["role"] for each in people] == ["speaker", "contributor"]
    link = client.post(f"/api/v1/contributions/{validated.pk}/people/{people[0]['person']}/claim").json()
    assert link["url"].endswith(f"/consent/claims/{link['claim']}/")


def test_who_came_of_age_since_a_guardian_answered_is_asked(validated: Contribution, steward: User) -> None:
    """G07 must never: guardian consent lasting forever."""
    grown = line("SPK-1", evidence="form.pdf", guardian="PARENT", birth="2008-01-05", country="FR", date="2025-12-01")
    adult = line("SPK-2", birth="1990-01-05", country="FR", date="2025-12-01")
    with time_machine.travel("2026-11-22"):
        brought(validated, steward, grown, adult)
        services.ask_those_of_age()
        services.ask_those_of_age()
    asked = ConsentEvent.objects.filter(kind="requested")
    assert [event.person.country for event in asked] == ["FR"]
    assert rights_of([validated])[0].asked
    assert Person.objects.filter(subjects__contribution=validated, birth_sealed="").count() == 1
