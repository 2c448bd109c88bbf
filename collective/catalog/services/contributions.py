"""The life of a contribution. Ingestion and licensing push down what they know; nobody else writes these rows."""

from uuid import UUID

from django.db import transaction
from django.utils import timezone

from collective.accounts.models import User
from collective.accounts.selectors import personal_organization
from collective.catalog.errors import (
    DatasetNotFoundError,
    DecisionReasonMissingError,
    HandedInError,
    NothingUploadedError,
    RightsMissingError,
)
from collective.catalog.events import ContributionSubmitted
from collective.catalog.models import Contribution
from collective.catalog.policies import check_can_contribute, check_can_edit_contribution, check_can_steward
from collective.catalog.selectors import contribution_for, contribution_to_change, datasets_visible_to
from collective.catalog.services.derivations import check_sources_stand
from collective.core import audit
from collective.core.events import publish


@transaction.atomic
def start_contribution(*, actor: User, dataset_id: UUID, title: str) -> Contribution:
    """A draft of the actor's own, paid to their personal organization."""
    dataset = datasets_visible_to(actor).filter(pk=dataset_id).first()
    if dataset is None:
        raise DatasetNotFoundError
    check_can_contribute(actor, dataset)
    contribution = Contribution.objects.create(
        dataset=dataset, contributor=actor, payee=personal_organization(actor), title=title
    )
    audit.record(actor=actor, action="catalog.contribution_started", obj=contribution, dataset=dataset.pk)
    return contribution


@transaction.atomic
def contribution_to_fill(*, actor: User, dataset_id: UUID, title: str) -> Contribution:
    """The actor's newest contribution to the dataset that may still change, or a new one with this title.

    Two programs of one person that begin at the same moment get the same one: the person's row is locked.
    """
    User.objects.select_for_update(no_key=True).get(pk=actor.pk)
    found = contribution_to_change(actor, dataset_id)
    return found or start_contribution(actor=actor, dataset_id=dataset_id, title=title)


def set_upload_totals(*, contribution_id: UUID, file_count: int, byte_count: int) -> None:
    """Ingestion: how many files are stored, and their bytes. Precondition: the contribution may still change."""
    Contribution.objects.filter(pk=contribution_id, state__in=["draft", "needs_changes"]).update(
        file_count=file_count, byte_count=byte_count
    )


def mark_rights_declared(*, contribution_id: UUID, material_license: str) -> None:
    """Licensing: source, consent and attestation are complete; `material_license` is the SPDX id of the material.

    Raises HandedInError if it was submitted at the same moment: what is validated and decided on stays as it was said.
    """
    open_still = Contribution.objects.filter(pk=contribution_id, state__in=["draft", "needs_changes"])
    if not open_still.update(rights_declared_at=timezone.now(), material_license=material_license):
        raise HandedInError


@transaction.atomic
def submit_contribution(*, actor: User, contribution_id: UUID) -> Contribution:
    """Hand it in for validation. Needs stored files and declared rights."""
    contribution = _locked(contribution_for(actor, contribution_id))
    check_can_edit_contribution(actor, contribution)
    if contribution.file_count == 0:
        raise NothingUploadedError
    if contribution.rights_declared_at is None:
        raise RightsMissingError
    check_sources_stand(contribution)
    contribution.transition_to("submitted", submitted_at=timezone.now())
    audit.record(actor=actor, action="catalog.contribution_submitted", obj=contribution)
    publish(ContributionSubmitted(contribution.pk))
    return contribution


def begin_validation(*, contribution_id: UUID) -> bool:
    """Ingestion: validation starts. False: there is nothing to validate (withdrawn meanwhile, or done).

    True also when an earlier attempt died in the middle: validating again is what is wanted.
    """
    contribution = Contribution.objects.get(pk=contribution_id)
    if contribution.state == "submitted":
        contribution.transition_to("validating")
    return contribution.state == "validating"


@transaction.atomic
def finish_validation(*, contribution_id: UUID, passed: bool, record_count: int, byte_count: int) -> Contribution:
    """Ingestion: the report is written. A second call, or one after a withdrawal, changes nothing."""
    contribution = Contribution.objects.get(pk=contribution_id)
    if contribution.state == "validating":
        target = "validated" if passed else "needs_changes"
        contribution.transition_to(target, record_count=record_count, byte_count=byte_count)
        audit.record(actor=None, action=f"catalog.contribution_{target}", obj=contribution, records=record_count)
    return contribution


@transaction.atomic
def decide_contribution(*, actor: User, contribution_id: UUID, accept: bool, reason: str = "") -> Contribution:
    """The steward's decision on a validated contribution; a refusal has a reason (DecisionReasonMissingError)."""
    contribution = _locked(contribution_for(actor, contribution_id))
    check_can_steward(actor, contribution.dataset)
    if not accept and not reason.strip():
        raise DecisionReasonMissingError(fields={"reason": [DecisionReasonMissingError.text]})
    if accept:
        check_sources_stand(contribution)
    target = "accepted" if accept else "rejected"
    contribution.transition_to(target, decided_at=timezone.now(), decided_by=actor, decision_reason=reason)
    audit.record(actor=actor, action=f"catalog.contribution_{target}", obj=contribution, reason=reason)
    return contribution


def _locked(contribution: Contribution) -> Contribution:
    """The row again, locked on PostgreSQL against a decision and a withdrawal at once; a missing row cannot happen."""
    rows = Contribution.objects.select_related("dataset__organization").select_for_update(of=("self",), no_key=True)
    return rows.get(pk=contribution.pk)
