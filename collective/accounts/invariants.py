"""What must never be false about people and organizations."""

from collections.abc import Iterable

from django.db.models import Exists, OuterRef

from collective.accounts.models import Membership, Organization, User
from collective.core.invariants import invariant


@invariant("D8", "every organization has an owner, so that somebody answers for it")
def every_organization_has_an_owner() -> Iterable[str]:
    owners = Membership.objects.filter(organization=OuterRef("pk"), role=Membership.OWNER)
    yield from (f"organization {row.slug} has no owner" for row in Organization.objects.exclude(Exists(owners)))


@invariant("D8", "everybody who signed up has a personal organization and owns it")
def everybody_owns_a_personal_organization() -> Iterable[str]:
    owned = Membership.objects.filter(
        user=OuterRef("pk"), organization__personal_of=OuterRef("pk"), role=Membership.OWNER
    )
    yield from (f"user {row.pk} owns no personal organization" for row in User.objects.exclude(Exists(owned)))
