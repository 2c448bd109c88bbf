"""A licensee leaves because withdrawals took too much out of what they licensed."""

from uuid import UUID

from django.db import transaction

from collective.accounts.models import User
from licensing.domain.removal import RemovedShare
from licensing.errors import RemovalTooSmallError
from licensing.models import LicenseGrant
from licensing.policies import check_can_leave
from licensing.selectors import grant_for
from licensing.selectors.removal import removed_share
from licensing.services.grants import end_grant


@transaction.atomic
def end_after_removal(*, actor: User, grant_id: UUID) -> LicenseGrant:
    """The licensee ends the license; its history stays. Ending what is revoked changes nothing.

    Raises RemovalTooSmallError, and WrongStateError for a license whose time is over.
    """
    check_can_leave(actor, grant_for(actor, grant_id))
    # Two clicks at once: the second waits here, and finds it ended.
    grant = LicenseGrant.objects.select_for_update(of=("self",), no_key=True).get(pk=grant_id)
    if grant.state == "revoked":
        return grant
    share = removed_share(grant)
    check_removed_enough(share)
    reason = f"The licensee ended it: withdrawals removed {share.text} of the records of the licensed version."
    return end_grant(actor=actor, grant_id=grant_id, reason=reason)


def check_removed_enough(share: RemovedShare) -> None:
    """Raises RemovalTooSmallError, which names the share and the threshold."""
    if not share.is_above:
        raise RemovalTooSmallError(
            share=share.text, threshold=share.threshold_text, removed=share.removed, records=share.whole
        )
