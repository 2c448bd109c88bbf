"""Organizations: opened and described by their members."""

from typing import Any
from uuid import UUID

from django.db import transaction

from collective.accounts import policies, selectors
from collective.accounts.domain.slugs import LONGEST, SHORTEST, is_usable, slug_candidates
from collective.accounts.errors import BadSlugError, NoNameError, UnknownKindError
from collective.accounts.events import OrganizationKindChanged
from collective.accounts.models import Membership, Organization, User
from collective.accounts.services.people import create_with_free_slug
from collective.core import audit
from collective.core.events import publish


@transaction.atomic
def create_organization(
    *, actor: User, name: str, slug: str = "", kind: str = "nonprofit", about: str = ""
) -> Organization:
    """The actor becomes its first owner. Without a slug one is made from the name."""
    policies.check_signed_in(actor)
    name, slug = _checked_name(name), slug.strip().lower()
    _check_kind(kind)
    if slug and not is_usable(slug):
        raise BadSlugError(shortest=SHORTEST, longest=LONGEST)
    slugs = [slug] if slug else slug_candidates(name, fallback="organization")
    organization = create_with_free_slug(slugs, name=name, kind=kind, about=about.strip())
    Membership.objects.create(organization=organization, user=actor, role=Membership.OWNER)
    audit.record(actor=actor, action="accounts.organization_created", obj=organization, slug=organization.slug)
    return organization


@transaction.atomic
def edit_organization(*, actor: User, organization_id: UUID, **changes: Any) -> Organization:
    """Change name, kind or about. The slug stays: it is in addresses, licenses and training scripts."""
    organization = selectors.organization_for(actor, organization_id)
    policies.check_can_manage(actor, organization)
    if "name" in changes:
        changes["name"] = _checked_name(changes["name"])
    if "kind" in changes:
        _check_kind(changes["kind"])
    wanted = {field: changes[field] for field in ("name", "kind", "about") if field in changes}
    before = organization.kind
    Organization.objects.filter(pk=organization.pk).update(**wanted)
    organization.refresh_from_db()
    if organization.kind != before:
        publish(OrganizationKindChanged(organization_id=organization.pk))
    audit.record(actor=actor, action="accounts.organization_edited", obj=organization, fields=sorted(wanted))
    return organization


def _checked_name(name: str) -> str:
    if not name.strip():
        raise NoNameError
    return name.strip()


def _check_kind(kind: str) -> None:
    known = [name for name, _ in Organization.KINDS]
    if kind not in known:
        raise UnknownKindError(kind=kind, known=", ".join(known))
