"""Payments' pages. `panels` and `words` are imported for what they register."""

from django.urls import path

from payments.web import (  # noqa: F401 - panels and words register
    checkout,
    earnings,
    hooks,
    invoices,
    orders,
    panels,
    paying,
    subscriptions,
    words,
)

app_name = "payments"
urlpatterns = [
    path("checkout/<uuid:offer_id>/", checkout.checkout, name="checkout"),
    path("orders/", orders.order_list, name="orders"),
    path("orders/<uuid:order_id>/", orders.order_page, name="order"),
    path("orders/<uuid:order_id>/cancel/", orders.cancel, name="cancel"),
    path("orders/<uuid:order_id>/invoice/", invoices.invoice_page, name="invoice"),
    path("orders/<uuid:order_id>/removal-refund/", orders.removal_refund, name="removal-refund"),
    path("subscriptions/", subscriptions.subscription_list, name="subscriptions"),
    path("subscriptions/<uuid:subscription_id>/cancel/", subscriptions.cancel, name="cancel-subscription"),
    path("pay/<uuid:order_id>/", paying.pay, name="pay"),
    path("stripe/snapshot", hooks.snapshot, name="stripe-snapshot"),
    path("stripe/thin", hooks.thin, name="stripe-thin"),
    path("pay/simulated/<uuid:order_id>/", paying.simulated, name="simulated"),
    path("earnings/", earnings.earnings, name="earnings"),
]
