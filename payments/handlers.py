"""What payments does when others have done something."""

from collective.core.events import handles
from licensing.events import AccessDecided, OwnershipCleared, OwnershipUpheld
from payments.services import access_decided, freeze_payouts, unfreeze_payouts


@handles(OwnershipUpheld)
def freeze(event: OwnershipUpheld) -> None:
    freeze_payouts(claim_id=event.claim_id)


@handles(OwnershipCleared)
def unfreeze(event: OwnershipCleared) -> None:
    unfreeze_payouts(claim_id=event.claim_id)


@handles(AccessDecided)
def capture_or_let_go(event: AccessDecided) -> None:
    access_decided(request_id=event.request_id)
