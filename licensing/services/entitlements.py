"""A license belongs to an organization: what follows when the organization, or who belongs to it, changes."""

from uuid import UUID

from django.db import transaction

from collective.accounts.models import Organization
from collective.core import audit
from licensing.models import LicenseGrant
from licensing.services.seats import release_seats_outside
from licensing.services.story import note


@transaction.atomic
def flag_grants_of_other_kind(*, organization_id: UUID) -> int:
    """Grants that were given to another kind of licensee stay as they are, and their stewards are shown it."""
    organization = Organization.objects.get(pk=organization_id)
    current = LicenseGrant.objects.filter(licensee=organization, state__in=["active", "suspended"])
    changed = [
        grant
        for grant in current.select_related("agreement", "pinned_version")
        if grant.agreement.snapshot["licensee"]["kind"] != organization.kind
    ]
    for grant in changed:
        before = dict(Organization.KINDS)[grant.agreement.snapshot["licensee"]["kind"]]
        note(grant, "flagged", reason=f"Given to {before}; the licensee is now {organization.get_kind_display()}.")
        audit.record(actor=None, action="licensing.grant_flagged", obj=grant, kind=organization.kind)
    return len(changed)


@transaction.atomic
def members_changed(*, organization_id: UUID) -> int:
    """Seats of those who left start their cooling period; the grants stay with the organization."""
    return release_seats_outside(organization=Organization.objects.get(pk=organization_id))
