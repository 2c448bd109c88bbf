"""Why a coupon does not count."""

from collective.core.errors import ConflictError, InvalidError, NotFoundError


class CouponNotFoundError(NotFoundError):
    code = "coupon_not_found"
    text = "There is no such coupon, or you may not see it."


class CouponUnknownError(ConflictError):
    code = "coupon_unknown"
    text = "This dataset has no coupon with this code. Look at how it is written, or order without it."


class CouponUnfitError(ConflictError):
    code = "coupon_unfit"
    text = "The coupon {coupon} is not for this offer."


class CouponAudienceError(ConflictError):
    code = "coupon_audience"
    text = "The coupon {coupon} is for another organization."


class CouponEarlyError(ConflictError):
    code = "coupon_early"
    text = "The coupon {coupon} cannot be used yet."


class CouponOverError(ConflictError):
    code = "coupon_over"
    text = "The coupon {coupon} has ended."


class CouponUsedUpError(ConflictError):
    code = "coupon_used_up"
    text = "The coupon {coupon} is used up."


class CouponTermsError(InvalidError):
    code = "coupon_terms"
    text = "Such a coupon cannot be made. See what is wrong with it."


class CouponCodeError(InvalidError):
    code = "coupon_code"
    text = "A code has 3 to 40 of the letters A to Z, digits, and hyphens."


class CouponCodeTakenError(ConflictError):
    code = "coupon_code_taken"
    text = "This dataset has a coupon with this code already."
