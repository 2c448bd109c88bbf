"""Payments, under /api/v1/."""

from django.urls import path

from payments.api import earnings, orders, removal, subscriptions, terms

app_name = "payments-api"
urlpatterns = [
    path("offers/<uuid:offer_id>/terms", terms.OfferTerms.as_view(), name="offer-terms"),
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
    path("earnings", earnings.EarningsView.as_view(), name="earnings"),
    path("earnings/lines", earnings.EarningLinesView.as_view(), name="earning-lines"),
]
