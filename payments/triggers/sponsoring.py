"""The guards of coupons and of what organizations fund."""

from collective.core.db.triggers import Refusal, append_only
from payments.triggers.guard import Guard, Rule, frozen

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

_SPONSORSHIP = (
    *("id", "sponsor_id", "title", "about", "currency", "most_minor", "until", "opened_by_id", "created_at"),
)
_FUNDING = ("id", "sponsorship_id", "amount_minor", "rail", "made_by_id", "created_at")
_ARRIVED = " OR ".join(
    f"NEW.{column} <> OLD.{column}" for column in ("payment", "booked_minor", "booked_currency", "state", "journal_id")
)
_RETURN = ("id", "funding_id", "amount_minor", "booked_minor", "created_at")

SPONSOR_GUARDS = [
    Guard("payments_sponsorship", "UPDATE", (frozen("a sponsorship keeps what it is for", *_SPONSORSHIP),)),
    Refusal("payments_sponsorship", "DELETE", "a sponsorship is kept for ever"),
    Guard(
        "payments_sponsorfunding",
        "UPDATE",
        (
            frozen("a funding keeps what was asked", *_FUNDING),
            Rule.both("a funding keeps what arrived", f"OLD.state = 'paid' AND ({_ARRIVED})"),
        ),
    ),
    Refusal("payments_sponsorfunding", "DELETE", "a funding is kept for ever"),
    Guard("payments_sponsorreturn", "UPDATE", (frozen("a return keeps what was asked", *_RETURN),)),
    Refusal("payments_sponsorreturn", "DELETE", "a return is kept for ever"),
    Refusal("payments_sponsorapproval", "DELETE", "who was approved is kept"),
    *append_only("payments_sponsoredorder"),
]
