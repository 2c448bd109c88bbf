"""Routes of payments. The world's order was placed and paid by the buyer; its seller sees sums, not orders."""

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


SIGNED_IN = everybody(200, anonymous=401)
PAGE = everybody(200, anonymous=302)
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
    Row("payments:checkout", "GET", path="offer_path", **PAGE),
    Row("payments:checkout", "POST", path="offer_path", body={}, **PAGE),
    Row("payments:orders", "GET", **PAGE),
    Row("payments:order", "GET", path="order_path", **everybody(404, anonymous=302, buyer=200, operator=200)),
    # It was paid on a page: its own people are led back to the order.
    Row("payments:invoice", "GET", path="order_path", **everybody(404, anonymous=302, buyer=302, operator=302)),
    Row("payments-api:subscriptions", "GET", **SIGNED_IN),
    Row("payments-api:cancel-subscription", "POST", path="no_subscription", body={}, **everybody(404, anonymous=401)),
    Row("payments:subscriptions", "GET", **PAGE),
    Row("payments:cancel-subscription", "POST", path="no_subscription", **everybody(404, anonymous=302)),
    Row("payments:cancel", "POST", path="order_path", **only("buyer", 409, others=404, anonymous=302, operator=403)),
    Row("payments:simulated", "GET", path="order_path", **only("buyer", 302, others=404, anonymous=302, operator=403)),
    Row("payments:simulated", "POST", path="order_path", **only("buyer", 302, others=404, anonymous=302, operator=403)),
    Row("payments:earnings", "GET", **PAGE),
]
