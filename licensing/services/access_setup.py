"""What a steward prepares for requests: the questions, and the rules by which some are approved at once."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from collective.accounts.models import User
from collective.catalog.errors import DatasetNotFoundError
from collective.catalog.models import Dataset
from collective.catalog.policies import check_can_steward
from collective.catalog.selectors import datasets_visible_to
from collective.core import audit
from collective.core.db.conflicts import insert_or_none
from licensing.domain.access_rules import OFFER, condition_problems, conditions_from
from licensing.domain.questions import problems_of_set, with_codes
from licensing.errors import (
    AccessOffersError,
    AccessQuestionsChangedError,
    AccessQuestionsError,
    AccessRuleError,
    AccessRuleNotFoundError,
)
from licensing.models import AccessQuestionSet, AccessRule, Offer
from licensing.selectors.access import current_questions

RULE_DAYS_MAX = 36_500


@transaction.atomic
def publish_questions(*, actor: User, dataset_id: UUID, questions: Sequence[Mapping[str, Any]]) -> AccessQuestionSet:
    """Ask these from now on; requests that were made keep the questions they answered. The same again changes nothing.

    Each has `kind`, `text`, and where wanted `code`, `required`, `options`. Raises AccessQuestionsError.
    """
    dataset = stewarded(actor, dataset_id)
    rows = with_codes(questions)
    if problems := problems_of_set(rows):
        raise AccessQuestionsError(problems=" ".join(problems), fields={"questions": problems})
    current, wanted = current_questions(dataset), [each.as_json() for each in rows]
    if current is not None and current.questions == wanted:
        return current
    made = AccessQuestionSet(
        dataset=dataset,
        number=current.number + 1 if current else 1,
        questions=wanted,
        published_by=actor,
        published_at=timezone.now(),
    )
    if insert_or_none(made) is None:
        raise AccessQuestionsChangedError
    audit.record(actor=actor, action="licensing.access_questions_published", obj=made, number=made.number)
    return made


@transaction.atomic
def add_access_rule(
    *, actor: User, dataset_id: UUID, name: str, conditions: Sequence[Mapping[str, Any]], days: int | None = None
) -> AccessRule:
    """Approve at once what meets all `conditions`, for `days` (None: without an end). Raises AccessRuleError."""
    dataset = stewarded(actor, dataset_id)
    rows = conditions_from(conditions)
    problems = condition_problems(rows)
    if not 1 <= len(name.strip()) <= 150:
        problems.append("Give it a name.")
    if days is not None and not 1 <= days <= RULE_DAYS_MAX:
        problems.append(f"An approval holds for 1 to {RULE_DAYS_MAX} days.")
    if problems:
        raise AccessRuleError(problems=" ".join(problems), fields={"conditions": problems})
    check_offers(dataset, [value for each in rows if each.field == OFFER for value in each.any_of])
    rule = AccessRule.objects.create(
        dataset=dataset,
        name=name.strip(),
        conditions=[each.as_json() for each in rows],
        days=days,
        created_by=actor,
        created_at=timezone.now(),
    )
    audit.record(actor=actor, action="licensing.access_rule_added", obj=rule)
    return rule


@transaction.atomic
def end_access_rule(*, actor: User, rule_id: UUID) -> AccessRule:
    """It approves nothing from now on; what it approved stays. Ending an ended rule changes nothing."""
    rule = AccessRule.objects.select_related("dataset__organization").filter(pk=rule_id).first()
    if rule is None or not datasets_visible_to(actor).filter(pk=rule.dataset_id).exists():
        raise AccessRuleNotFoundError
    check_can_steward(actor, rule.dataset)
    now = timezone.now()
    if AccessRule.objects.filter(pk=rule.pk, ended_at=None).update(ended_at=now):
        rule.ended_at = now
        audit.record(actor=actor, action="licensing.access_rule_ended", obj=rule)
    return rule


def stewarded(actor: User, dataset_id: UUID) -> Dataset:
    """Raises DatasetNotFoundError, NotStewardError."""
    dataset = datasets_visible_to(actor).filter(pk=dataset_id).first()
    if dataset is None:
        raise DatasetNotFoundError
    check_can_steward(actor, dataset)
    return dataset


def check_offers(dataset: Dataset, offer_ids: Sequence[str]) -> None:
    """All are offers of this dataset. Raises AccessOffersError."""
    known = {str(pk) for pk in Offer.objects.filter(dataset=dataset).values_list("pk", flat=True)}
    if not set(offer_ids) <= known:
        raise AccessOffersError(fields={"offers": [AccessOffersError.text]})
