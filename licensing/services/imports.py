"""Taking in a table of answers, whole or not at all."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from collective.accounts.models import User
from collective.catalog.domain.records import find_records
from collective.catalog.models import Contribution
from collective.catalog.selectors import contribution_for
from collective.core import audit
from licensing.domain.consent_table import Choices, Table, TableRow, read_table
from licensing.domain.hashing import bytes_sha256, canonical_sha256
from licensing.errors import ImportRefusedError
from licensing.models import (
    ConsentEvent,
    ConsentImport,
    ConsentNotice,
    Evidence,
    Person,
    RecordSubject,
    SubjectRecord,
)
from licensing.models.evidence import EVIDENCE_KINDS
from licensing.models.people import ROLES
from licensing.models.rights import BASES, SPECIAL_CATEGORIES
from licensing.policies import check_can_bring_people
from licensing.services import evidence as store
from licensing.services.imported_people import check_people
from licensing.services.people import keep_birth, keep_identity, recorded_person

TABLE_MAX: Final = 20 * 1024 * 1024
CHOICES: Final = Choices(
    frozenset(dict(ROLES)), frozenset(dict(BASES)), frozenset(dict(SPECIAL_CATEGORIES)), frozenset(dict(EVIDENCE_KINDS))
)


def import_consents(
    *, actor: User, contribution_id: UUID, table: bytes, evidence: Iterable[tuple[str, bytes]]
) -> ConsentImport:
    """Persons, the records that they are in, and their answers. The same files again return what they did before.

    `evidence`: names and contents as they were sent, single files and ZIP archives; not looked at before it is clear
    that the actor may bring them. Raises EvidenceTooLargeError, EvidenceTypeError, and ImportRefusedError with
    `row 3, column` → what is wrong; then nothing of it was taken in.
    """
    contribution = contribution_for(actor, contribution_id)
    check_can_bring_people(actor, contribution)
    if len(table) > TABLE_MAX:
        raise ImportRefusedError(fields={"row 1, person": [f"A table has at most {TABLE_MAX} bytes."]})
    files = store.files_from(evidence)
    hashes = {name: bytes_sha256(content) for name, content in files.items()}
    sha256 = _key(table, hashes)
    before = ConsentImport.objects.filter(contribution=contribution, file_sha256=sha256).first()
    if before is not None:
        return before
    store.check_types(files)
    found = read_table(table, CHOICES, timezone.localdate())
    notices = _notices(found, contribution)
    _check_against_ours(found, contribution, hashes, notices)
    if found.problems or not found.rows:
        raise ImportRefusedError(fields=found.problems or {"row 2, person": ["The table has no rows."]})
    kept = store.keep(contribution.pk, files)
    return _take_in(actor, contribution, found.rows, sha256, _Ours(hashes, kept, notices))


def _key(table: bytes, hashes: dict[str, str]) -> str:
    """The table's own hash; with evidence, one over both, so that the same table with a corrected proof is new."""
    sha256 = bytes_sha256(table)
    return canonical_sha256({"table": sha256, "evidence": hashes}) if hashes else sha256


@dataclass(frozen=True)
class _Ours:
    """What the rows refer to: hashes of evidence by file name, keys of what is kept by hash, notices by row."""

    hashes: dict[str, str]
    kept: dict[str, str]
    notices: dict[int, ConsentNotice]


@transaction.atomic
def _take_in(actor: User, contribution: Contribution, rows: list[TableRow], sha256: str, ours: _Ours) -> ConsentImport:
    Contribution.objects.select_for_update(no_key=True).get(pk=contribution.pk)
    before = ConsentImport.objects.filter(contribution=contribution, file_sha256=sha256).first()
    if before is not None:
        return before
    people = {_take_row(actor, contribution, row, ours).pk for row in rows}
    made = ConsentImport.objects.create(
        contribution=contribution,
        file_sha256=sha256,
        rows=len(rows),
        people=len(people),
        actor=actor,
        at=timezone.now(),
    )
    audit.record(
        actor=actor, action="licensing.consents_imported", obj=contribution, rows=len(rows), file_sha256=sha256
    )
    return made


def _take_row(actor: User, contribution: Contribution, row: TableRow, ours: _Ours) -> Person:
    person = recorded_person(contribution.payee, row.person)
    if row.name or row.contact:
        keep_identity(person, name=row.name, contact=row.contact)
    if row.birth is not None:
        keep_birth(person, row.birth, row.country, guarded=bool(row.guardian))
    notice = ours.notices[row.number]
    ConsentEvent.objects.create(
        contribution=contribution,
        kind="given" if row.yes else "refused",
        person=person,
        subject=_subject(contribution, person, row),
        actor=actor,
        guardian=recorded_person(contribution.payee, row.guardian) if row.guardian else None,
        evidence=_evidence(actor, contribution, row, ours),
        notice=notice,
        answers={code: "given" if code in row.yes else "refused" for code in notice.asked},
        limits=dict(row.limits),
        basis=row.basis,
        assessment=row.assessment,
        special_category=row.special_category,
        given_on=row.given_on,
        at=timezone.now(),
    )
    return person


def _subject(contribution: Contribution, person: Person, row: TableRow) -> RecordSubject:
    """The same person in the same records is the same subject: a corrected answer replaces the one before."""
    same = RecordSubject.objects.filter(contribution=contribution, person=person, role=row.role)
    if row.records is None:
        found = same.filter(is_whole=True).first()
        return found or RecordSubject.objects.create(
            contribution=contribution, person=person, role=row.role, is_whole=True
        )
    for subject in same.filter(is_whole=False, record_count=len(row.records)):
        if set(subject.records.values_list("record_id", flat=True)) == set(row.records):
            return subject
    made = RecordSubject.objects.create(
        contribution=contribution, person=person, role=row.role, is_whole=False, record_count=len(row.records)
    )
    SubjectRecord.objects.bulk_create(
        (SubjectRecord(subject=made, record_id=each) for each in row.records), batch_size=1000
    )
    return made


def _evidence(actor: User, contribution: Contribution, row: TableRow, ours: _Ours) -> Evidence | None:
    sha256 = ours.hashes.get(row.evidence) or row.evidence_sha256
    if not sha256:
        return None
    facts = {"storage_key": ours.kept.get(sha256, ""), "added_by": actor, "added_at": timezone.now()}
    kind = row.evidence_kind or ("guardian_form" if row.guardian else "signed_form_scan")
    return Evidence.objects.get_or_create(
        contribution=contribution, kind=kind, sha256=sha256, deleted_at=None, defaults=facts
    )[0]


def _notices(table: Table, contribution: Contribution) -> dict[int, ConsentNotice]:
    """By row. A version without a language is in English, and the dataset's own where it has that version."""
    own = Q(dataset=contribution.dataset_id)
    known = list(ConsentNotice.objects.filter(own | Q(dataset=None)).order_by(F("dataset").asc(nulls_first=True)))
    by_hash = {each.text_sha256: each for each in known}
    by_version = {(str(each.version), each.language): each for each in known}
    found = {}
    for row in table.rows:
        notice = by_hash.get(row.notice) or by_version.get((row.notice, row.language or "en"))
        if notice is None:
            table.blame(row.number, "notice", "No such text was published for this dataset. Its stewards can do so.")
            continue
        if not set(row.yes) <= set(notice.asked):
            table.blame(row.number, "yes", "There is a use that this text does not ask about.")
        found[row.number] = notice
    return found


def _check_against_ours(
    table: Table, contribution: Contribution, hashes: dict[str, str], notices: dict[int, ConsentNotice]
) -> None:
    check_people(table, contribution)
    _check_records(table, contribution)
    for row in table.rows:
        if row.evidence and row.evidence not in hashes and not row.evidence_sha256:
            table.blame(row.number, "evidence", "There is no file with this name among the evidence.")
        if row.evidence_sha256 and hashes.get(row.evidence, row.evidence_sha256) != row.evidence_sha256:
            table.blame(row.number, "evidence_sha256", "The file that was sent has another hash.")


def _check_records(table: Table, contribution: Contribution) -> None:
    wanted = {each for row in table.rows for each in row.records or ()}
    if not wanted:
        return
    if not contribution.record_count:
        for row in table.rows:
            if row.records is not None:
                table.blame(row.number, "records", "Single records have ids once the files were checked. Write *.")
        return
    known = {place.record_id for place in find_records(contribution.pk, wanted)}
    for row in table.rows:
        if missing := [each for each in row.records or () if each not in known]:
            table.blame(row.number, "records", f"The contribution has no record {missing[0]}.")
