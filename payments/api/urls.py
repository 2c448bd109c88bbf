"""Payments, under /api/v1/."""

from django.urls import path

from payments.api import (
    coupons,
    earnings,
    finance,
    orders,
    payouts,
    removal,
    simulation,
    sponsorships,
    statements,
    subscriptions,
    terms,
)

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
    path("subscriptions", subscriptions.SubscriptionList.as_view(), name="subscriptions"),
    path(
        "subscriptions/<uuid:subscription_id>/cancel",
        subscriptions.SubscriptionCancel.as_view(),
        name="cancel-subscription",
    ),
    path("datasets/<slug:organization>/<slug:slug>/simulation", simulation.SimulationView.as_view(), name="simulation"),
    path("earnings", earnings.EarningsView.as_view(), name="earnings"),
    path("earnings/lines", earnings.EarningLinesView.as_view(), name="earning-lines"),
    path("earnings/statements", statements.StatementList.as_view(), name="statements"),
    path("earnings/statements/<slug:number>", statements.StatementProof.as_view(), name="statement"),
    path("earnings/statements/<slug:number>/csv", statements.StatementCsv.as_view(), name="statement-csv"),
    path("earnings/statements/<slug:number>/pdf", statements.StatementPdf.as_view(), name="statement-pdf"),
    path("statement-periods", statements.PeriodList.as_view(), name="statement-periods"),
    path("earnings/payout-accounts", payouts.PayoutAccountsView.as_view(), name="payout-accounts"),
    path("earnings/transfers", payouts.TransferList.as_view(), name="transfers"),
    path("finance/tasks", finance.FinanceTaskList.as_view(), name="finance-tasks"),
    path("finance/tasks/<uuid:task_id>/close", finance.FinanceTaskClose.as_view(), name="finance-task-close"),
    path("finance/reconciliations", finance.ReconciliationList.as_view(), name="reconciliations"),
]
