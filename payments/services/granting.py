"""From a settled order to a license, and back."""

from collective.accounts.models import Organization, User
from licensing.domain.claims import AcceptanceRecord
from licensing.domain.hashing import canonical_sha256
from licensing.selectors import grant_of_order
from licensing.services import issue_grant, lock_for_sale, revoke_grant
from payments.models import Order


def grant_license(order: Order) -> None:
    """In the transaction that settles the order. The address behind the acceptance moves to licensing.

    The licensee's row is locked: of two orders for one license that are paid at once, the second must see the first
    one's grant and fail, before any money of it is booked.
    """
    lock_for_sale(order.offer.dataset_id)
    Organization.objects.select_for_update(no_key=True).get(pk=order.licensee_id)
    acceptance = AcceptanceRecord(
        offer_sha256=order.offer_sha256,
        accepted_at=order.accepted_at,
        ip=order.accepted_ip or "",
        user_agent=order.accepted_agent,
        text_sha256=order.accepted_text_sha256,
        method=order.accepted_method,
        licensee_type=order.licensee_type,
        licensee_country=order.licensee_country,
        licensee_evidence_sha256=_evidence_sha256(order),
        price_minor=order.price_minor,
    )
    issue_grant(
        order_id=order.pk,
        offer_id=order.offer_id,
        version_id=order.version_id,
        licensee_id=order.licensee_id,
        accepted_by=order.buyer,
        acceptance=acceptance,
        renewed_from=order.renewal.starts_at if hasattr(order, "renewal") else None,
    )
    Order.objects.filter(pk=order.pk).update(accepted_ip=None, accepted_agent="")


def _evidence_sha256(order: Order) -> str:
    """Salted, over what was said of the licensee. The words and the salt stay with the order, whose readers may check.

    An order from before there were salts is hashed without one, as its license was.
    """
    if not order.licensee_evidence:
        return ""
    said = {
        "licensee": order.licensee_name,
        "type": order.licensee_type,
        "country": order.licensee_country,
        "evidence": order.licensee_evidence,
    }
    return canonical_sha256({"salt": order.licensee_salt, **said} if order.licensee_salt else said)


def revoke_license(order: Order, *, actor: User | None, reason: str) -> None:
    grant = grant_of_order(order.pk)
    if grant is not None and grant.state in {"active", "suspended"}:
        revoke_grant(actor=actor, grant_id=grant.pk, reason=reason)
