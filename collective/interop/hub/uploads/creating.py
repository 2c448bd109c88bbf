"""`create_repo`: a draft dataset in an organization whose owner or admin the key's owner is."""

import re
from typing import Any

from collective.accounts.errors import OrganizationNotFoundError
from collective.accounts.models import Organization, User
from collective.accounts.selectors import is_admin, organization_of, personal_organization
from collective.catalog.errors import SlugTakenError
from collective.catalog.models import Dataset
from collective.catalog.selectors import dataset_for, datasets_visible_to
from collective.catalog.services import create_dataset
from collective.interop.hub.uploads.errors import (
    NobodyOpensHereError,
    RepositoryExistsError,
    RepositoryNameError,
    RepositoryTypeError,
)

NAME = re.compile(r"[A-Za-z0-9_-]{1,80}", re.ASCII)
# Clients do not say what a dataset holds: a push may show it (`kinds.py`), and the steward can change it.
MODALITY = "tabular"


def open_repository(*, actor: User, wanted: dict[str, Any]) -> Dataset:
    """Raises RepositoryExistsError for one that the actor sees, NobodyOpensHereError for any other of others."""
    if wanted.get("type") != "dataset":
        raise RepositoryTypeError
    name = str(wanted.get("name") or "")
    if not NAME.fullmatch(name):
        raise RepositoryNameError(name=name[:100])
    slug = str(wanted.get("organization") or personal_organization(actor).slug)
    if there := datasets_visible_to(actor).filter(organization__slug=slug, slug=name).first():
        raise RepositoryExistsError(there)
    organization = _organization(actor, slug, name)
    visibility = "public" if _is_public(wanted) else "private"
    try:
        return create_dataset(
            actor=actor,
            organization_id=organization.pk,
            slug=name,
            title=name,
            modality=MODALITY,
            visibility=visibility,
        )
    except SlugTakenError as error:  # by another program at the same moment
        raise RepositoryExistsError(dataset_for(actor, slug, name)) from error


def _is_public(wanted: dict[str, Any]) -> bool:
    """Whatever is not plainly public is private: it can be opened later, and what was seen stays seen."""
    return wanted.get("private") in (None, False) and wanted.get("visibility") in (None, "public")


def _organization(actor: User, slug: str, name: str) -> Organization:
    """The same answer for an organization of others and for none, so that names are not told."""
    refused = NobodyOpensHereError(repo_id=f"{slug}/{name}"[:200], organization=slug[:100])
    try:
        organization = organization_of(actor, slug)
    except OrganizationNotFoundError as error:
        raise refused from error
    if not is_admin(actor, organization):
        raise refused
    return organization
