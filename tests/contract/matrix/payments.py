"""Routes of payments. The world's order was placed and paid by the buyer; its seller sees sums, not orders."""

from datetime import timedelta

import time_machine
from django.utils import timezone

from payments.models import PayoutAccount
from payments.services import CouponTerms, issue_statements, make_coupon, settle_pool, start_onboarding
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


def statement(world: World) -> dict[str, object]:
    """The contributor's, of a month that is over."""
    settle_pool(version_id=world.version.pk, currency="EUR")
    with time_machine.travel(timezone.now() + timedelta(days=40)):
        issue_statements()
    return {"number": world.contribution.payee.statements.order_by("number")[0].number}


def payee(world: World) -> dict[str, object]:
    """The contributor's own."""
    return {"payee_id": world.people["contributor"].personal_organization.pk}


def payout_account(world: World) -> dict[str, object]:
    """The contributor has begun to say how to be paid."""
    contributor = world.people["contributor"]
    start_onboarding(actor=contributor, payee_id=contributor.personal_organization.pk, country="SN")
    return {"account_id": PayoutAccount.objects.get(payee=contributor.personal_organization).pk}


def coupon(_world: World) -> dict[str, object]:
    return {"percent": 10, "max_uses": 1, "valid_until": "2099-01-01T00:00:00Z"}


def made_coupon(world: World) -> dict[str, object]:
    terms = CouponTerms(percent=10, max_uses=1, valid_until=timezone.now() + timedelta(days=1))
    return {"coupon_id": make_coupon(actor=world.people["steward"], dataset_id=world.dataset.pk, terms=terms).pk}


SIGNED_IN = everybody(200, anonymous=401)
PAGE = everybody(200, anonymous=302)
# The order's own people; operators look at orders, and act on none that is not theirs.
ORDER = everybody(404, anonymous=401, buyer=200, operator=200)

STEWARD = only("steward", 200, others=403, anonymous=302)
PRICE = {"price_minor": 10_000, "currency": "EUR"}
STATEMENT = everybody(404, anonymous=401, contributor=200)
STATEMENT_PAGE = everybody(404, anonymous=302, contributor=200)

# Who may decide how the contributor is paid; nobody else hears that there is a payee.
PAYEE = only("contributor", 302, others=404, anonymous=302)

ROWS = [
    Row("payments-api:offer-terms", "GET", path="offer_path", **everybody(200)),
    Row("payments-api:orders", "GET", **SIGNED_IN),
    Row("payments-api:orders", "POST", body=placed, **everybody(201, anonymous=401, buyer=409)),
    Row("payments-api:order", "GET", path="order_path", **ORDER),
    # Paid already: the buyer gets the same answer again.
    Row("payments-api:pay", "POST", path="order_path", body={}, **{**ORDER, "operator": 403}),
    Row("payments-api:earnings", "GET", **SIGNED_IN),
    Row("payments-api:earning-lines", "GET", **SIGNED_IN),
    # Only for owners and admins of the payee, and to nobody else a sign that it exists.
    Row("payments-api:statements", "GET", **SIGNED_IN),
    Row("payments-api:statement", "GET", path=statement, **STATEMENT),
    Row("payments-api:statement-csv", "GET", path=statement, **STATEMENT),
    Row("payments-api:statement-pdf", "GET", path=statement, **STATEMENT),
    Row("payments-api:statement-periods", "GET", **everybody(200)),
    Row("payments-api:coupons", "GET", path="dataset_path", **only("steward", 200, others=403, anonymous=401)),
    Row(
        "payments-api:coupons",
        "POST",
        path="dataset_path",
        body=coupon,
        **only("steward", 201, others=403, anonymous=401),
    ),
    # Whose coupon it is not, does not learn of it.
    Row("payments-api:coupon-end", "POST", path=made_coupon, **only("steward", 200, others=404, anonymous=401)),
    Row("payments:coupons", "GET", path="dataset_path", **only("steward", 200, others=403, anonymous=302)),
    Row("payments:coupons", "POST", path="dataset_path", body={}, **only("steward", 200, others=403, anonymous=302)),
    Row("payments:coupon_end", "POST", path=made_coupon, **only("steward", 302, others=404, anonymous=302)),
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
    # Paid already: back to the receipt.
    Row("payments:pay", "GET", path="order_path", **only("buyer", 302, others=404, anonymous=302, operator=403)),
    Row("payments:pay", "POST", path="order_path", **only("buyer", 302, others=404, anonymous=302, operator=403)),
    # Only who can sign is heard, and nobody here can.
    Row("payments:stripe-snapshot", "POST", body={}, **everybody(400)),
    Row("payments:stripe-thin", "POST", body={}, **everybody(400)),
    Row("payments:simulated", "GET", path="order_path", **only("buyer", 302, others=404, anonymous=302, operator=403)),
    Row("payments:simulated", "POST", path="order_path", **only("buyer", 302, others=404, anonymous=302, operator=403)),
    Row("payments:earnings", "GET", **PAGE),
    Row("payments-api:payout-accounts", "GET", **SIGNED_IN),
    Row("payments-api:transfers", "GET", **SIGNED_IN),
    Row("payments:payout-account", "GET", **PAGE),
    Row("payments:payout-start", "POST", path=payee, body={"country": "SN"}, **PAYEE),
    Row("payments:payout-refresh", "POST", path=payee, **PAYEE),
    Row(
        "payments:simulated-onboarding",
        "GET",
        path=payout_account,
        **only("contributor", 200, others=404, anonymous=302),
    ),
    Row("payments:simulated-onboarding", "POST", path=payout_account, **PAYEE),
    Row(
        "payments-api:simulation",
        "GET",
        path="dataset_path",
        body=PRICE,
        **only("steward", 200, others=403, anonymous=401),
    ),
    Row("payments:simulator", "GET", path="dataset_path", **STEWARD),
    Row("payments:sales", "GET", **PAGE),
    Row("payments:sales-csv", "GET", **PAGE),
    Row("payments:sales-dataset", "GET", path="dataset_path", **STEWARD),
    Row("payments:statements", "GET", **PAGE),
    Row("payments:statement", "GET", path=statement, **STATEMENT_PAGE),
    Row("payments:statement-csv", "GET", path=statement, **STATEMENT_PAGE),
    Row("payments:statement-json", "GET", path=statement, **STATEMENT_PAGE),
    Row("payments:statement-pdf", "GET", path=statement, **STATEMENT_PAGE),
]
