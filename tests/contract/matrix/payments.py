"""Routes of payments. The world's order was placed and paid by the buyer; its seller sees sums, not orders."""

from datetime import timedelta

from django.utils import timezone

from payments.services import CouponTerms, make_coupon
from tests.contract.matrix import Row, everybody, only
from tests.contract.matrix.world import World


def placed(world: World) -> dict[str, object]:
    """A good order of whoever asks, for their own organization; the price is the offer's."""
    return {
        "offer_id": str(world.offer.pk),
        "offer_sha256": world.offer.offer_sha256,
        "client_ref": "matrix",
        "accepted": True,
    }


def coupon(_world: World) -> dict[str, object]:
    return {"percent": 10, "max_uses": 1, "valid_until": "2099-01-01T00:00:00Z"}


def made_coupon(world: World) -> dict[str, object]:
    terms = CouponTerms(percent=10, max_uses=1, valid_until=timezone.now() + timedelta(days=1))
    return {"coupon_id": make_coupon(actor=world.people["steward"], dataset_id=world.dataset.pk, terms=terms).pk}


SIGNED_IN = everybody(200, anonymous=401)
PAGE = everybody(200, anonymous=302)
STEWARD = only("steward", 201, others=403, anonymous=401)
# The order's own people; operators look at orders, and act on none that is not theirs.
ORDER = everybody(404, anonymous=401, buyer=200, operator=200)

ROWS = [
    Row("payments-api:offer-terms", "GET", path="offer_path", **everybody(200)),
    Row("payments-api:orders", "GET", **SIGNED_IN),
    Row("payments-api:orders", "POST", body=placed, **everybody(201, anonymous=401, buyer=409)),
    Row("payments-api:order", "GET", path="order_path", **ORDER),
    # Paid already: the buyer gets the same answer again.
    Row("payments-api:pay", "POST", path="order_path", body={}, **{**ORDER, "operator": 403}),
    Row("payments-api:earnings", "GET", **SIGNED_IN),
    Row("payments-api:earning-lines", "GET", **SIGNED_IN),
    Row("payments-api:coupons", "GET", path="dataset_path", **only("steward", 200, others=403, anonymous=401)),
    Row("payments-api:coupons", "POST", path="dataset_path", body=coupon, **STEWARD),
    # Whose coupon it is not, does not learn of it.
    Row("payments-api:coupon-end", "POST", path=made_coupon, **only("steward", 200, others=404, anonymous=401)),
    Row("payments:coupons", "GET", path="dataset_path", **only("steward", 200, others=403, anonymous=302)),
    Row("payments:coupons", "POST", path="dataset_path", body={}, **only("steward", 200, others=403, anonymous=302)),
    Row("payments:coupon_end", "POST", path=made_coupon, **only("steward", 302, others=404, anonymous=302)),
    Row("payments:checkout", "GET", path="offer_path", **PAGE),
    Row("payments:checkout", "POST", path="offer_path", body={}, **PAGE),
    Row("payments:orders", "GET", **PAGE),
    Row("payments:order", "GET", path="order_path", **everybody(404, anonymous=302, buyer=200, operator=200)),
    Row("payments:cancel", "POST", path="order_path", **only("buyer", 409, others=404, anonymous=302, operator=403)),
    Row("payments:simulated", "GET", path="order_path", **only("buyer", 302, others=404, anonymous=302, operator=403)),
    Row("payments:simulated", "POST", path="order_path", **only("buyer", 302, others=404, anonymous=302, operator=403)),
    Row("payments:earnings", "GET", **PAGE),
]
