"""Payments, under /api/v1/."""

from django.urls import path

from payments.api import coupons, earnings, orders, removal, sponsorships, terms

app_name = "payments-api"
urlpatterns = [
    path("offers/<uuid:offer_id>/terms", terms.OfferTerms.as_view(), name="offer-terms"),
    path("datasets/<slug:organization>/<slug:slug>/coupons", coupons.CouponList.as_view(), name="coupons"),
    path("coupons/<uuid:coupon_id>/end", coupons.CouponEnd.as_view(), name="coupon-end"),
    path("sponsorships", sponsorships.SponsorshipList.as_view(), name="sponsorships"),
    path("sponsorships/<uuid:sponsorship_id>", sponsorships.SponsorshipDetail.as_view(), name="sponsorship"),
    path("sponsorships/<uuid:sponsorship_id>/close", sponsorships.SponsorshipClose.as_view(), name="sponsorship-close"),
    path("sponsorships/<uuid:sponsorship_id>/fundings", sponsorships.SponsorshipFund.as_view(), name="sponsor-fund"),
    path("sponsorships/<uuid:sponsorship_id>/approvals", sponsorships.ApprovalList.as_view(), name="sponsor-approvals"),
    path("sponsor-approvals/<uuid:approval_id>", sponsorships.ApprovalDecide.as_view(), name="sponsor-decide"),
    path("orders", orders.OrderList.as_view(), name="orders"),
    path("orders/<uuid:order_id>", orders.OrderDetail.as_view(), name="order"),
    path("orders/<uuid:order_id>/pay", orders.OrderPay.as_view(), name="pay"),
    path("orders/<uuid:order_id>/removal-refund", removal.RemovalRefundView.as_view(), name="removal-refund"),
    path("earnings", earnings.EarningsView.as_view(), name="earnings"),
    path("earnings/lines", earnings.EarningLinesView.as_view(), name="earning-lines"),
]
