"""Which coupon a code means, and whether it can be used now."""

from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from collective.accounts.models import Organization
from collective.accounts.selectors import Person, administered_by
from collective.catalog.models import Dataset
from licensing.models import Offer
from payments.domain.coupons import normal_code
from payments.errors import (
    CouponAudienceError,
    CouponEarlyError,
    CouponNotFoundError,
    CouponOverError,
    CouponUnfitError,
    CouponUnknownError,
    CouponUsedUpError,
)
from payments.models import Coupon


def coupons_visible_to(user: Person) -> "QuerySet[Coupon]":
    """Those who decide on the dataset's prices; whoever else knows a code knows enough."""
    mine = Coupon.objects.filter(dataset__organization__in=administered_by(user).order_by())
    return mine.select_related("dataset__organization", "offer__license_version__template", "audience")


def coupons_of(user: Person, dataset: Dataset) -> "QuerySet[Coupon]":
    """Newest first."""
    return coupons_visible_to(user).filter(dataset=dataset).order_by("-created_at", "-id")


def coupon_visible_to(user: Person, coupon_id: UUID) -> Coupon:
    """Raises CouponNotFoundError."""
    found = coupons_visible_to(user).filter(pk=coupon_id).first()
    if found is None:
        raise CouponNotFoundError
    return found


def usable_coupon(offer: Offer, written: str, licensees: "list[Organization]") -> Coupon | None:
    """None where no code was written. `licensees` are those who may get the license.

    Raises CouponUnknownError, CouponUnfitError, CouponAudienceError, CouponEarlyError, CouponOverError and
    CouponUsedUpError.
    """
    code = normal_code(written)
    if not code:
        return None
    coupon = Coupon.objects.filter(dataset=offer.dataset_id, code=code).first()
    if coupon is None:
        raise CouponUnknownError
    if not coupon.fits(offer):
        raise CouponUnfitError(coupon=code)
    if coupon.audience_id is not None and coupon.audience_id not in {each.pk for each in licensees}:
        raise CouponAudienceError(coupon=code)
    _check_time(coupon)
    if coupon.uses >= coupon.max_uses:
        raise CouponUsedUpError(coupon=code)
    return coupon


def _check_time(coupon: Coupon) -> None:
    now = timezone.now()
    if now < coupon.valid_from:
        raise CouponEarlyError(coupon=coupon.code)
    if coupon.ended_at is not None or now >= coupon.valid_until:
        raise CouponOverError(coupon=coupon.code)
