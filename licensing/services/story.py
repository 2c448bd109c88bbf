"""What happens to a grant is written down once, here."""

import hashlib

from django.utils import timezone

from collective.accounts.models import User
from licensing.models import GrantStatusEvent, LicenseGrant


def note(grant: LicenseGrant, kind: str, *, actor: User | None = None, reason: str = "") -> None:
    """In the transaction of the change, with the hash of the signature that holds from here on."""
    GrantStatusEvent.objects.create(
        grant=grant,
        kind=kind,
        reason=reason,
        actor=actor,
        version=grant.pinned_version,
        jws_sha256=hashlib.sha256(grant.jws.encode()).hexdigest(),
        at=timezone.now(),
    )
