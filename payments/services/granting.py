"""From a settled order to a license, and back."""

from collective.accounts.models import User
from licensing.domain.claims import AcceptanceRecord
from licensing.selectors import grant_of_order
from licensing.services import issue_grant, revoke_grant
from payments.models import Order


def grant_license(order: Order) -> None:
    """In the transaction that settles the order. The address behind the acceptance moves to licensing."""
    acceptance = AcceptanceRecord(
        offer_sha256=order.offer_sha256,
        accepted_at=order.accepted_at,
        ip=order.accepted_ip or "",
        user_agent=order.accepted_agent,
    )
    issue_grant(
        order_id=order.pk,
        offer_id=order.offer_id,
        version_id=order.version_id,
        licensee_id=order.licensee_id,
        accepted_by=order.buyer,
        acceptance=acceptance,
    )
    Order.objects.filter(pk=order.pk).update(accepted_ip=None, accepted_agent="")


def revoke_license(order: Order, *, actor: User, reason: str) -> None:
    grant = grant_of_order(order.pk)
    if grant is not None and grant.state in {"active", "suspended"}:
        revoke_grant(actor=actor, grant_id=grant.pk, reason=reason)
