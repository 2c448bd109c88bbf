"""Proof of consent: taken by what it is, kept where nobody downloads it, and deleted when it is not needed any more."""

import io
import wave
import zipfile
from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction
from django.utils import timezone
from pytest_django import Settings

from collective.accounts.models import User
from collective.catalog.domain import objects
from collective.catalog.models import Contribution, Dataset
from collective.core.models import AuditEvent
from collective.core.storage import incoming, published
from collective.core.storage.errors import ObjectNotFoundError
from licensing import services
from licensing.errors import (
    AccessFileNotFoundError,
    AnswersAloneError,
    EvidenceTypeError,
    NothingAgreedError,
    PersonNotFoundError,
)
from licensing.models import AccessFile, ConsentEvent, Evidence, Person, RecordSubject
from licensing.selectors import rights_of
from licensing.services import Asked
from licensing.services.evidence import content_of
from licensing.services.people import own_person
from tests.integration.licensing import world
from tests.integration.licensing.test_consent_import import brought, finder, line, table, validated
from tests.integration.licensing.test_consent_pages import as_user

__all__ = ["finder", "validated"]
RunJobs = Callable[[], list[str]]
DAY = timedelta(days=1)
PDF = b"%PDF-1.7 signed\n%%EOF\n"


def recording() -> bytes:
    made = io.BytesIO()
    with wave.open(made, "wb") as clip:
        clip.setnchannels(1)
        clip.setsampwidth(2)
        clip.setframerate(8000)
        clip.writeframes(b"\0\0" * 80)
    return made.getvalue()


def zipped(**files: bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, content in files.items():
            archive.writestr(name.replace("_", "."), content)
    return packed.getvalue()


def speaker() -> Person:
    return RecordSubject.objects.get().person


def attach(contribution: Contribution, actor: User, content: bytes = PDF, kind: str = "signed_form_scan") -> Evidence:
    return services.attach_evidence(
        actor=actor,
        contribution_id=contribution.pk,
        person_id=speaker().pk,
        name="form.pdf",
        content=content,
        kind=kind,
    )


def test_single_files_and_archives_side_by_side(validated: Contribution, steward: User) -> None:
    me, address = as_user(steward), f"/contributions/{validated.pk}/people/"
    lines = table(
        line("SPK-1", evidence="form.pdf"), line("SPK-2", evidence="yes.wav"), line("SPK-3", evidence="a.pdf")
    )
    files = {"form.pdf": PDF, "yes.wav": recording(), "more.zip": zipped(a_pdf=PDF + b"\n%%EOF")}
    sent = [SimpleUploadedFile(name, content) for name, content in files.items()]
    assert me.post(address, {"table": SimpleUploadedFile("t.csv", lines), "evidence": sent}).status_code == 302
    assert sorted(content_of(each) for each in Evidence.objects.all()) == sorted([PDF, recording(), PDF + b"\n%%EOF"])
    assert [each.storage_key.startswith("kept/evidence/") for each in Evidence.objects.all()] == [True] * 3
    for each in Evidence.objects.all():
        with pytest.raises(ObjectNotFoundError):
            published().info(each.sha256)


def test_single_files_by_api(validated: Contribution, steward: User) -> None:
    me, address = as_user(steward), f"/api/v1/contributions/{validated.pk}/people"
    sent = [SimpleUploadedFile("form.pdf", PDF), SimpleUploadedFile("yes.wav", recording())]
    rows = table(line("SPK-1", evidence="form.pdf"), line("SPK-2", evidence="yes.wav"))
    made = me.post(address, {"table": SimpleUploadedFile("t.csv", rows), "evidence": sent})
    assert (made.status_code, made.json()["rows"]) == (200, 2)
    program = [SimpleUploadedFile("form.pdf", b"MZ\x90\0\x03 program")]
    refused = me.post(address, {"table": SimpleUploadedFile("t.csv", rows + b"\n"), "evidence": program})
    assert (refused.status_code, refused.json()["code"]) == (400, "evidence_type")
    assert Evidence.objects.count() == 2


def test_what_a_file_is_its_bytes_say(validated: Contribution, steward: User) -> None:
    with pytest.raises(EvidenceTypeError, match=r"form\.pdf"):
        brought(validated, steward, line(evidence="form.pdf"), **{"form.pdf": b"\x7fELF\0\0"})
    assert not ConsentEvent.objects.filter(evidence__isnull=False).exists()


def test_proof_comes_later_and_the_answer_stays(validated: Contribution, steward: User, buyer: User) -> None:
    brought(validated, steward, line("SPK-1", yes="access train"))
    before = rights_of([validated])[0]
    proofs = [attach(validated, steward) for _ in range(2)]
    assert proofs[0] == proofs[1]
    after = rights_of([validated])[0]
    assert (before.assurance, after.assurance, before.answers == after.answers) == ("C", "A", True)
    first, second = ConsentEvent.objects.filter(person=speaker()).order_by("at")
    assert (second.given_on, second.notice, second.limits) == (first.given_on, first.notice, first.limits)
    with pytest.raises(EvidenceTypeError):
        attach(validated, steward, b"\0\1\2")
    ConsentEvent.objects.create(contribution=validated, person=speaker(), kind="withdrawn", at=timezone.now())
    with pytest.raises(NothingAgreedError):
        attach(validated, steward)


def test_no_proof_for_strangers_nor_for_who_answers_alone(
    validated: Contribution, steward: User, buyer: User, contributor: User
) -> None:
    brought(validated, steward, line("SPK-1"))
    address = f"/api/v1/contributions/{validated.pk}/people/{speaker().pk}/evidence"
    sent = {"file": SimpleUploadedFile("form.pdf", PDF), "kind": "contract"}
    assert as_user(buyer).post(address, sent).status_code == 404
    with pytest.raises(PersonNotFoundError):
        services.attach_evidence(
            actor=steward,
            contribution_id=validated.pk,
            person_id=own_person(buyer).pk,
            name="form.pdf",
            content=PDF,
            kind="contract",
        )
    sent = {"file": SimpleUploadedFile("form.pdf", PDF), "kind": "contract"}
    assert as_user(steward).post(address, sent).status_code == 201
    page = f"/contributions/{validated.pk}/people/{speaker().pk}/proof/"
    assert page in as_user(contributor).get(f"/contributions/{validated.pk}/people/").content.decode()
    sent = {"file": SimpleUploadedFile("yes.wav", recording()), "kind": "recording"}
    assert as_user(contributor).post(page, sent).status_code == 302
    services.claim_person(
        actor=buyer, claim=services.claim_of(actor=steward, contribution=validated, person_id=speaker().pk)
    )
    with pytest.raises(AnswersAloneError):
        attach(validated, steward)
    assert Evidence.objects.count() == 2


def test_proof_goes_after_the_last_consent_that_rests_on_it(
    validated: Contribution, steward: User, settings: Settings
) -> None:
    settings.EVIDENCE_RETENTION_DAYS = 30
    brought(validated, steward, line("SPK-1", evidence="form.pdf"), line("SPK-2", evidence="form.pdf"))
    proof = Evidence.objects.get()
    one, two = (each.person for each in RecordSubject.objects.order_by("id"))
    start = timezone.now()

    def ends(person: Person, days: int) -> None:
        facts = {"contribution": validated, "person": person, "kind": "refused"}
        ConsentEvent.objects.create(**facts, at=start + days * DAY)

    def deleted_on(days: int) -> int:
        with time_machine.travel(start + days * DAY, tick=False):
            return services.delete_evidence()

    assert deleted_on(1000) == 0
    ends(one, 10)
    assert deleted_on(1000) == 0
    ends(two, 100)
    assert deleted_on(129) == 0
    assert content_of(proof) == b"signed"
    assert [deleted_on(131), deleted_on(132)] == [1, 0]
    proof.refresh_from_db()
    assert (proof.is_held, proof.sha256 != "") == (False, True)
    with pytest.raises(ObjectNotFoundError):
        incoming().open(proof.storage_key)
    event = AuditEvent.objects.get(action="licensing.evidence_deleted")
    assert event.data["sha256"] == proof.sha256
    with pytest.raises(DatabaseError), transaction.atomic():
        Evidence.objects.filter(pk=proof.pk).update(deleted_at=None)
    with pytest.raises(DatabaseError), transaction.atomic():
        Evidence.objects.filter(pk=proof.pk).update(sha256="0" * 64)
    assert attach_again(validated, steward) != proof


def attach_again(contribution: Contribution, steward: User) -> Evidence:
    """The same file for a new answer is a new row with bytes of its own."""
    brought(contribution, steward, line("SPK-9", evidence="form.pdf"))
    made = Evidence.objects.get(deleted_at=None)
    assert content_of(made) == b"signed"
    return made


def test_a_new_answer_on_other_proof_frees_the_first(
    validated: Contribution, steward: User, settings: Settings
) -> None:
    settings.EVIDENCE_RETENTION_DAYS = 30
    brought(validated, steward, line("SPK-1", evidence="form.pdf"))
    first = Evidence.objects.get()
    second = attach(validated, steward)
    with time_machine.travel(timezone.now() + 31 * DAY, tick=False):
        assert services.delete_evidence() == 1
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.is_held, second.is_held) == (False, True)
    assert rights_of([validated])[0].assurance == "A"


def test_bytes_that_no_row_names_are_swept(validated: Contribution, steward: User, settings: Settings) -> None:
    settings.UPLOAD_ORPHAN_HOURS = -1
    services.sweep_private_files()
    brought(validated, steward, line(evidence="form.pdf"), **{"unused.pdf": PDF})
    incoming().put_whole("kept/other/x", b"not ours")
    assert [services.sweep_private_files(), services.sweep_private_files()] == [1, 0]
    assert content_of(Evidence.objects.get()) == b"signed"
    assert incoming().open("kept/other/x").read() == b"not ours"


@pytest.fixture
def restricted(dataset: Dataset, contribution: Contribution, steward: User) -> Dataset:
    world.publish(dataset, steward)
    world.offered(dataset, steward)
    Dataset.objects.filter(pk=dataset.pk).update(visibility="restricted")
    dataset.refresh_from_db()
    return dataset


def sent(restricted: Dataset, buyer: User, content: bytes = PDF) -> AccessFile:
    return services.store_access_file(actor=buyer, dataset_id=restricted.pk, name="form.pdf", content=content)


def test_what_comes_with_a_request_lies_in_the_private_store(restricted: Dataset, buyer: User) -> None:
    file = sent(restricted, buyer)
    with pytest.raises(ObjectNotFoundError):
        published().info(file.sha256)
    assert b"signed" not in incoming().open(file.storage_key).read()
    assert services.access_file_content(file).read() == PDF


def test_a_file_that_came_with_no_request_is_deleted(
    restricted: Dataset, steward: User, buyer: User, settings: Settings
) -> None:
    settings.UPLOAD_ORPHAN_HOURS = -1
    loose, used = sent(restricted, buyer), sent(restricted, buyer, PDF + b"\n%%EOF")
    asked = services.request_access(
        actor=buyer,
        dataset_id=restricted.pk,
        licensee_id=buyer.personal_organization.pk,
        asked=Asked(purpose="To test."),
    )
    services.ask_for_information(actor=steward, request_id=asked.pk, text="A paper, please.")
    services.answer_access_request(actor=buyer, request_id=asked.pk, text="Here.", files=[str(used.pk)])
    for _ in range(2):
        services.sweep_private_files()
    assert AuditEvent.objects.filter(action="licensing.access_file_deleted").count() == 1
    loose.refresh_from_db()
    used.refresh_from_db()
    assert (loose.deleted_at is None, used.deleted_at) == (False, None)
    assert services.access_file_content(used).read() == PDF + b"\n%%EOF"
    with pytest.raises(ObjectNotFoundError):
        incoming().open(loose.storage_key)
    with pytest.raises(AccessFileNotFoundError):
        services.access_file_content(loose)
    services.ask_for_information(actor=steward, request_id=asked.pk, text="Another, please.")
    with pytest.raises(AccessFileNotFoundError):
        services.answer_access_request(actor=buyer, request_id=asked.pk, text="Here.", files=[str(loose.pk)])


def from_before(restricted: Dataset, buyer: User, content: bytes) -> AccessFile:
    """As files were kept once."""
    sha256, size = world.stored(content)
    facts = {"name": "form.pdf", "media_type": "application/pdf", "size": size, "sha256": sha256}
    return AccessFile.objects.create(dataset=restricted, uploaded_by=buyer, at=timezone.now(), **facts)


def test_files_from_before_move_and_shared_bytes_stay(
    restricted: Dataset, buyer: User, run_all_jobs: RunJobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = f"%PDF-1.7 {restricted.pk}\n%%EOF\n".encode()
    own, shared = from_before(restricted, buyer, content), from_before(restricted, buyer, content + b"\n%%EOF")
    monkeypatch.setattr(objects, "_ASKERS", [shared.sha256.__eq__])
    assert services.access_file_content(own).read() == content
    assert [services.move_access_files(), services.move_access_files()] == [2, 0]
    run_all_jobs()
    for row in (own, shared):
        row.refresh_from_db()
        assert row.storage_key.startswith("kept/access/")
    assert services.access_file_content(own).read() == content
    with pytest.raises(ObjectNotFoundError):
        published().info(own.sha256)
    assert published().info(shared.sha256).size == shared.size


def test_what_versions_hold_is_needed(restricted: Dataset) -> None:
    version = restricted.versions.get()
    assert all(objects.is_needed(each.sha256) for each in version.files.all())
    assert not objects.is_needed("0" * 64)
