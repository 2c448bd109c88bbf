"""The requester's side: asking for access, answering, taking the request back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from collective.accounts.models import Organization, User
from collective.accounts.selectors import organization_for
from collective.catalog.errors import DatasetNotFoundError
from collective.catalog.models import Dataset
from collective.catalog.selectors import datasets_visible_to
from collective.core import audit
from collective.core.db.conflicts import insert_or_none
from collective.core.errors import InvalidError
from licensing.domain.access_rules import approving_rule, offers_covered
from licensing.domain.actions import ACTION_CODES
from licensing.domain.questions import FILE, answer_problems
from licensing.errors import (
    AccessAnswersError,
    AccessApprovedError,
    AccessAskedError,
    AccessNotNeededError,
    AccessQuestionsChangedError,
    AccessRequestNotFoundError,
    AccessTextMissingError,
)
from licensing.models import AccessQuestionSet, AccessRequest
from licensing.policies import check_can_answer_access, check_can_ask_access
from licensing.selectors.access import (
    access_request_for,
    approvals,
    asks_for_approval,
    current_questions,
    live_rules,
    rule_facts,
)
from licensing.services.access_events import note
from licensing.services.access_files import attach
from licensing.services.access_setup import check_offers

RENEW_WITHIN = timedelta(days=30)
PURPOSE_MAX, TEXT_MAX = 5000, 5000


@dataclass(frozen=True)
class Asked:
    """What somebody writes when asking. `answers` by question code; of a file, the id that its upload gave.

    `question_set` is the one that was read, None where the dataset asks no questions.
    """

    purpose: str
    actions: Sequence[str] = ()
    offers: Sequence[str] = ()
    answers: Mapping[str, str] = field(default_factory=dict)
    question_set: UUID | None = None


@transaction.atomic
def request_access(*, actor: User, dataset_id: UUID, licensee_id: UUID, asked: Asked) -> AccessRequest:
    """Ask for an organization. A rule of the steward's may approve it at once.

    Raises AccessNotNeededError, OwnAccessError, AccessAskedError, AccessApprovedError, AccessQuestionsChangedError,
    AccessAnswersError, AccessOffersError.
    """
    dataset = datasets_visible_to(actor).filter(pk=dataset_id).first()
    if dataset is None:
        raise DatasetNotFoundError
    licensee = organization_for(actor, licensee_id)
    check_can_ask_access(actor, dataset, licensee)
    if not asks_for_approval(dataset):
        raise AccessNotNeededError(dataset=dataset.title)
    questions = _checked(dataset, asked)
    # Locked: of two that ask at once for the same, the second sees what became of the first.
    Organization.objects.select_for_update(no_key=True).get(pk=licensee.pk)
    _check_not_approved(dataset, licensee)
    request = _request(actor, dataset, licensee, asked, questions)
    if insert_or_none(request) is None:
        raise AccessAskedError(licensee=licensee.name, dataset=dataset.title)
    attach(request, actor, _files(questions, asked))
    note(request, "asked", actor=actor, text=request.purpose)
    audit.record(actor=actor, action="licensing.access_asked", obj=request)
    _approve_by_rule(request)
    return request


@transaction.atomic
def withdraw_access_request(*, actor: User, request_id: UUID) -> AccessRequest:
    """Before a decision; withdrawing a withdrawn request changes nothing."""
    request = locked(actor, request_id)
    check_can_answer_access(actor, request)
    if request.state != "withdrawn":
        request.transition_to("withdrawn")
        note(request, "withdrawn", actor=actor)
        audit.record(actor=actor, action="licensing.access_withdrawn", obj=request)
    return request


@transaction.atomic
def answer_access_request(*, actor: User, request_id: UUID, text: str, files: Sequence[str] = ()) -> AccessRequest:
    """Answer what the steward asked back; the request waits for a decision again."""
    request = locked(actor, request_id)
    check_can_answer_access(actor, request)
    said = written(text)
    request.transition_to("open")
    attach(request, actor, [(each, "") for each in files])
    note(request, "answered", actor=actor, text=said)
    audit.record(actor=actor, action="licensing.access_answered", obj=request)
    return request


def locked(actor: User, request_id: UUID) -> AccessRequest:
    """A request that this person may see, its row locked: decisions on it follow each other."""
    seen = access_request_for(actor, request_id)
    if AccessRequest.objects.select_for_update(no_key=True).filter(pk=seen.pk).first() is None:
        raise AccessRequestNotFoundError
    # Read again, with the state that held when the lock was won.
    return access_request_for(actor, request_id)


def written(text: str) -> str:
    """Raises AccessTextMissingError."""
    said = text.strip()
    if not said or len(said) > TEXT_MAX:
        raise AccessTextMissingError(fields={"text": [AccessTextMissingError.text]})
    return said


def _checked(dataset: Dataset, asked: Asked) -> AccessQuestionSet | None:
    """The questions that hold now, answered."""
    current = current_questions(dataset)
    if asked.question_set != (current.pk if current else None):
        raise AccessQuestionsChangedError(question_set=str(current.pk) if current else None)
    wrong = {code: [text] for code, text in answer_problems(current.rows if current else [], asked.answers).items()}
    if wrong:
        raise AccessAnswersError(fields=wrong)
    if not 0 < len(asked.purpose.strip()) <= PURPOSE_MAX:
        raise AccessAnswersError(fields={"purpose": ["Say in a few sentences what you want to use the data for."]})
    if unknown := set(asked.actions) - set(ACTION_CODES):
        raise InvalidError(fields={"actions": [f"There is no action {name}." for name in sorted(unknown)]})
    check_offers(dataset, asked.offers)
    return current


def _check_not_approved(dataset: Dataset, licensee: Organization) -> None:
    """In the last days of an approval one may ask for the next."""
    later = timezone.now() + RENEW_WITHIN
    if approvals(dataset, later).filter(licensee=licensee).exists():
        raise AccessApprovedError(licensee=licensee.name, dataset=dataset.title)


def _request(
    actor: User, dataset: Dataset, licensee: Organization, asked: Asked, questions: AccessQuestionSet | None
) -> AccessRequest:
    before = AccessRequest.objects.filter(dataset=dataset, licensee=licensee).order_by("-asked_at", "-id")
    return AccessRequest(
        dataset=dataset,
        licensee=licensee,
        requester=actor,
        purpose=asked.purpose.strip(),
        actions=[code for code in ACTION_CODES if code in asked.actions],
        offers=sorted(set(asked.offers)),
        question_set=questions,
        answers={code: text.strip() for code, text in asked.answers.items() if text.strip()},
        earlier=before.exclude(state__in=["open", "needs_information"]).first(),
        asked_at=timezone.now(),
    )


def _files(questions: AccessQuestionSet | None, asked: Asked) -> list[tuple[str, str]]:
    of_files = [each.code for each in questions.rows if each.kind == FILE] if questions else []
    return [(asked.answers[code].strip(), code) for code in of_files if asked.answers.get(code, "").strip()]


def _approve_by_rule(request: AccessRequest) -> None:
    rows = {str(row.pk): row for row in live_rules(request.dataset)}
    facts = rule_facts(request)
    found = approving_rule([row.as_rule for row in rows.values()], facts)
    if found is None:
        return
    rule, now = rows[found.key], timezone.now()
    request.transition_to(
        "approved",
        decided_at=now,
        rule=rule,
        reason=rule.name,
        allowed_offers=offers_covered(found, facts),
        expires_at=now + timedelta(days=rule.days) if rule.days else None,
    )
    note(request, "approved", text=rule.name)
    audit.record(actor=None, action="licensing.access_approved", obj=request, rule=rule.pk)
