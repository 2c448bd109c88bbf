"""People in a contribution and what they say, for the tests of consent."""

from collections.abc import Collection
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from django.utils import timezone

from collective.accounts.models import User
from collective.catalog.domain import records
from collective.catalog.domain.records import RecordPlace
from collective.catalog.models import Contribution
from licensing import services
from licensing.domain.actions import ACTION_CODES
from licensing.domain.blockers import ContributionRights
from licensing.models import (
    ConsentEvent,
    ConsentNotice,
    Evidence,
    Person,
    RecordSubject,
    SubjectRecord,
)
from licensing.selectors import current_notice, rights_of
from licensing.services import Answers, Wording
from licensing.services.people import keep_birth, recorded_person
from tests.factories import UserFactory

RECORDS = [f"{number:032x}" for number in range(10)]
ALL = dict.fromkeys(ACTION_CODES, True)


@pytest.fixture(autouse=True)
def finder(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every contribution here holds the same ten records."""

    def find(_contribution: UUID, wanted: Collection[str]) -> list[RecordPlace]:
        return [RecordPlace(key, "a" * 64, "b" * 64, row) for row, key in enumerate(RECORDS) if key in wanted]

    monkeypatch.setattr(records, "_FINDER", [find])


def person_in(contribution: Contribution, reference: str, record_ids: list[str] | None = None) -> Person:
    person = recorded_person(contribution.payee, reference)
    subject = RecordSubject.objects.create(
        contribution=contribution,
        person=person,
        role="speaker",
        is_whole=record_ids is None,
        record_count=len(record_ids) if record_ids else None,
    )
    SubjectRecord.objects.bulk_create(SubjectRecord(subject=subject, record_id=key) for key in record_ids or ())
    return person


def says(contribution: Contribution, person: Person, *, refuse: tuple[str, ...] = (), **said: object) -> ConsentEvent:
    answers = {code: "refused" if code in refuse else "given" for code in ACTION_CODES}
    limits = {"commercial": True, "exclusive": True, "territory": ["*"]}
    facts = {"answers": answers, "limits": limits, "notice": current_notice(), "at": timezone.now(), **said}
    return ConsentEvent.objects.create(contribution=contribution, person=person, kind="given", **facts)


def published(**wording: Any) -> ConsentNotice:
    return services.publish_notice(actor=None, wording=Wording(**wording))


def rights(contribution: Contribution) -> ContributionRights:
    contribution.refresh_from_db()
    return rights_of([contribution])[0]


def claimed(contribution: Contribution, person: Person) -> User:
    account: User = UserFactory.create()
    claim = services.claim_of(actor=contribution.contributor, contribution=contribution, person_id=person.pk)
    services.claim_person(actor=account, claim=claim)
    return account


def answers(**change: object) -> Answers:
    return replace(Answers(current_notice().text_sha256, ALL, commercial=True), **change)  # type: ignore[arg-type] # of its fields


def guarded(contribution: Contribution, born: date, records_: list[str] | None = None) -> Person:
    child = person_in(contribution, "CHILD", records_)
    keep_birth(child, born, "SN")
    proof = Evidence.objects.create(
        contribution=contribution,
        kind="guardian_form",
        sha256="c" * 64,
        added_by=contribution.contributor,
        added_at=timezone.now(),
    )
    says(contribution, child, guardian=recorded_person(contribution.payee, "PARENT"), evidence=proof)
    return child
