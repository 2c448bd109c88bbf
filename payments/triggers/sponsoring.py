"""The guards of coupons and of what organizations fund."""

from collective.core.db.triggers import Refusal
from payments.triggers.guard import Guard, frozen

_COUPON = (
    *("id", "dataset_id", "offer_id", "audience_id", "code", "percent", "amount_minor", "currency", "max_uses"),
    *("valid_from", "valid_until", "made_by_id", "created_at"),
)
_KEPT = (
    "COALESCE(NEW.discount_minor, -1) <> COALESCE(OLD.discount_minor, -1) "
    "OR COALESCE(CAST(NEW.coupon_id AS text), '') <> COALESCE(CAST(OLD.coupon_id AS text), '')"
)

# Beside the order's other guard, so that whoever changes that one need not know of this.
ORDER_DISCOUNT = Refusal("payments_order", "UPDATE", "an order keeps its discount", _KEPT, "_discount")

COUPON_GUARDS = [
    Guard("payments_coupon", "UPDATE", (frozen("a coupon keeps what it promised", *_COUPON),)),
    Refusal("payments_coupon", "DELETE", "a coupon is kept for ever"),
    ORDER_DISCOUNT,
]
