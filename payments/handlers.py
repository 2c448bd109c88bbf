"""What payments does when others have done something."""

from collective.core.events import handles
from licensing.events import OwnershipCleared, OwnershipUpheld
from payments.services import freeze_payouts, unfreeze_payouts


@handles(OwnershipUpheld)
def freeze(event: OwnershipUpheld) -> None:
    freeze_payouts(claim_id=event.claim_id)


@handles(OwnershipCleared)
def unfreeze(event: OwnershipCleared) -> None:
    unfreeze_payouts(claim_id=event.claim_id)
