"""Coupons: made and ended by those who sell; used, and given back, with an order."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from collective.accounts.models import Organization, User
from collective.catalog.models import Dataset
from collective.catalog.policies import check_can_steward
from collective.core import audit
from collective.core.db.conflicts import insert_or_none
from collective.core.domain.money import currency_of
from licensing.models import Offer
from payments.domain.coupons import CODE, new_code, normal_code
from payments.errors import CouponCodeError, CouponCodeTakenError, CouponTermsError, CouponUsedUpError
from payments.models import Coupon, Order
from payments.selectors.coupons import coupon_visible_to

MOST_USES = 1_000_000


@dataclass(frozen=True)
class CouponTerms:
    """`percent` (1 to 100) or `amount_minor` in `currency`; `offer_id` None is every offer of the dataset.

    `audience_id` is the one organization that may use it. An empty `code` is made here, and cannot be guessed.
    """

    max_uses: int
    valid_until: datetime
    valid_from: datetime | None = None
    percent: int = 0
    amount_minor: int = 0
    currency: str = ""
    code: str = ""
    offer_id: UUID | None = None
    audience_id: UUID | None = None


@transaction.atomic
def make_coupon(*, actor: User, dataset_id: UUID, terms: CouponTerms) -> Coupon:
    """Fee and pool follow from the reduced price: it is the steward's and the contributors' money.

    Raises CouponTermsError, CouponCodeError and CouponCodeTakenError.
    """
    dataset = Dataset.objects.select_related("organization").get(pk=dataset_id)
    check_can_steward(actor, dataset)
    code = normal_code(terms.code) or new_code()
    if not CODE.fullmatch(code):
        raise CouponCodeError(fields={"code": [CouponCodeError.text]})
    _check_terms(dataset, terms)
    coupon = Coupon(
        dataset=dataset,
        offer_id=terms.offer_id,
        audience_id=terms.audience_id,
        code=code,
        percent=terms.percent,
        amount_minor=terms.amount_minor,
        currency=terms.currency,
        max_uses=terms.max_uses,
        valid_from=terms.valid_from or timezone.now(),
        valid_until=terms.valid_until,
        made_by=actor,
    )
    if insert_or_none(coupon) is None:
        raise CouponCodeTakenError(fields={"code": [CouponCodeTakenError.text]})
    audit.record(actor=actor, action="payments.coupon_made", obj=coupon, dataset=dataset.pk, off=coupon.off)
    return coupon


@transaction.atomic
def end_coupon(*, actor: User, coupon_id: UUID) -> Coupon:
    """Orders that hold it keep it. Twice is once."""
    coupon = coupon_visible_to(actor, coupon_id)
    check_can_steward(actor, coupon.dataset)
    now = timezone.now()
    if Coupon.objects.filter(pk=coupon.pk, ended_at=None).update(ended_at=now):
        coupon.ended_at = now
        audit.record(actor=actor, action="payments.coupon_ended", obj=coupon)
    return coupon


def take_coupon(order: Order) -> None:
    """In the transaction that places it. Of many at once no more get through than the coupon has uses left.

    Raises CouponUsedUpError.
    """
    coupon = order.coupon
    if coupon is not None and not Coupon.objects.filter(pk=coupon.pk, uses__lt=F("max_uses")).update(
        uses=F("uses") + 1
    ):
        raise CouponUsedUpError(coupon=coupon.code)


def return_coupons(orders: Iterable[UUID]) -> None:
    """In the transaction that ends the orders. Coupons are locked in one order."""
    held = Order.objects.filter(pk__in=list(orders), coupon__isnull=False).order_by("coupon_id")
    for coupon_id in held.values_list("coupon_id", flat=True):
        Coupon.objects.filter(pk=coupon_id).update(uses=F("uses") - 1)


def _check_terms(dataset: Dataset, terms: CouponTerms) -> None:
    """Raises CouponTermsError with what is wrong by field."""
    wrong: dict[str, list[str]] = {}
    is_percent = 1 <= terms.percent <= 100 and not terms.amount_minor
    if not is_percent and (terms.percent or terms.amount_minor <= 0):
        wrong["percent"] = ["Write a percentage from 1 to 100, or an amount, and not both."]
    if terms.amount_minor and (not terms.currency or terms.amount_minor % currency_of(terms.currency).charge_step):
        wrong["amount_minor"] = ["This currency cannot charge such an amount."]
    if terms.percent and terms.currency:
        wrong["currency"] = ["A percentage has no currency."]
    if not 1 <= terms.max_uses <= MOST_USES:
        wrong["max_uses"] = [f"Write a whole number from 1 to {MOST_USES}."]
    if terms.valid_until <= max(timezone.now(), terms.valid_from or timezone.now()):
        wrong["valid_until"] = ["It must end in the future, after it begins."]
    wrong |= _strangers(dataset, terms)
    if wrong:
        raise CouponTermsError(fields=wrong)


def _strangers(dataset: Dataset, terms: CouponTerms) -> dict[str, list[str]]:
    wrong: dict[str, list[str]] = {}
    offers = Offer.objects.filter(dataset=dataset, state="live")
    fitting = {each.pk for each in offers if each.plan["model"] in Coupon.MODELS}
    if terms.offer_id is not None and terms.offer_id not in fitting:
        wrong["offer_id"] = ["Choose a live offer of this dataset that is paid once, at a price of yours."]
    if terms.audience_id is not None and not Organization.objects.filter(pk=terms.audience_id).exists():
        wrong["audience_id"] = ["There is no such organization."]
    return wrong
