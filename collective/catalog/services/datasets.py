"""Opening a dataset and describing it."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db import transaction

from collective.accounts.models import Organization, User
from collective.accounts.selectors import organization_for
from collective.catalog.domain.languages import canonical_tag, is_language_tag
from collective.catalog.errors import SlugTakenError, UnknownLanguageError
from collective.catalog.models import Dataset
from collective.catalog.policies import check_can_steward, check_can_steward_for
from collective.core import audit
from collective.core.db.conflicts import insert_or_none

EDITABLE = frozenset(
    {"title", "modality", "summary", "card", "task", "languages", "visibility", "open_to_contributions", "steward_bps"}
)


def create_dataset(
    *, actor: User, organization_id: UUID, slug: str, title: str, modality: str, **description: Any
) -> Dataset:
    """A new draft. `description` holds any of EDITABLE. Raises SlugTakenError, UnknownLanguageError."""
    organization: Organization = organization_for(actor, organization_id)
    check_can_steward_for(actor, organization)
    with transaction.atomic():
        dataset = Dataset(
            organization=organization,
            slug=slug,
            title=title,
            modality=modality,
            created_by=actor,
            **_clean(description),
        )
        if insert_or_none(dataset) is None:
            raise SlugTakenError(organization=organization.name, slug=slug)
        audit.record(actor=actor, action="catalog.dataset_created", obj=dataset, slug=slug)
    return dataset


@transaction.atomic
def update_dataset(*, actor: User, dataset_id: UUID, **description: Any) -> Dataset:
    """Change how a dataset is described. Published versions keep the card they were sealed with."""
    dataset = Dataset.objects.select_related("organization").get(pk=dataset_id)
    check_can_steward(actor, dataset)
    changes = _clean(description)
    for name, value in changes.items():
        setattr(dataset, name, value)
    dataset.save(update_fields=list(changes))
    audit.record(actor=actor, action="catalog.dataset_updated", obj=dataset, fields=sorted(changes))
    return dataset


@transaction.atomic
def list_dataset(*, actor: User, dataset_id: UUID) -> Dataset:
    """Show it in the catalog. Called when its first offer goes live; listing a listed dataset changes nothing."""
    dataset = Dataset.objects.select_related("organization").get(pk=dataset_id)
    check_can_steward(actor, dataset)
    if dataset.state == "draft":
        dataset.transition_to("listed")
        audit.record(actor=actor, action="catalog.dataset_listed", obj=dataset)
    return dataset


def _clean(description: dict[str, Any]) -> dict[str, Any]:
    if unknown := set(description) - EDITABLE:
        raise TypeError(f"not editable: {sorted(unknown)}")
    if "languages" in description:
        description["languages"] = _canonical(description["languages"])
    return description


def _canonical(tags: Sequence[str]) -> list[str]:
    for tag in tags:
        if not is_language_tag(tag):
            raise UnknownLanguageError(tag=tag)
    return sorted({canonical_tag(tag) for tag in tags})
