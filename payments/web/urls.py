"""Payments' pages. `panels` and `words` are imported for what they register."""

from django.urls import path

from payments.web import (
    checkout,
    coupons,
    earnings,
    hooks,
    invoices,
    orders,
    panels,  # noqa: F401 - registers
    paying,
    payouts,
    sales,
    simulator,
    sponsoring,
    sponsorships,
    statements,
    subscriptions,
    words,  # noqa: F401 - registers
)
from payments.web.finance import books, debts
from payments.web.finance import orders as finance_orders
from payments.web.finance import tasks as finance_tasks

app_name = "payments"
urlpatterns = [
    path("checkout/<uuid:offer_id>/", checkout.checkout, name="checkout"),
    path("desk/<slug:organization>/<slug:slug>/coupons/", coupons.coupon_list, name="coupons"),
    path("coupons/<uuid:coupon_id>/end/", coupons.end, name="coupon_end"),
    path("sponsorships/", sponsorships.sponsorship_list, name="sponsorships"),
    path("sponsorships/new/", sponsorships.new_sponsorship, name="sponsorship_new"),
    path("sponsorships/<uuid:sponsorship_id>/", sponsorships.sponsorship_page, name="sponsorship"),
    path("sponsorships/<uuid:sponsorship_id>/close/", sponsorships.close, name="sponsorship_close"),
    path("sponsorships/<uuid:sponsorship_id>/fund/", sponsoring.fund, name="sponsor_fund"),
    path("sponsorships/<uuid:sponsorship_id>/ask/", sponsoring.ask, name="sponsor_ask"),
    path("sponsorships/<uuid:sponsorship_id>/invite/", sponsoring.invite, name="sponsor_invite"),
    path("sponsorships/requests/<uuid:approval_id>/", sponsoring.decide, name="sponsor_decide"),
    path("sponsorships/fundings/<uuid:funding_id>/", sponsoring.funding_simulated, name="funding_simulated"),
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
    path("desk/<slug:organization>/<slug:slug>/simulator/", simulator.simulator, name="simulator"),
    path("sales/", sales.sales, name="sales"),
    path("sales/sales.csv", sales.sales_csv, name="sales-csv"),
    path("sales/<slug:organization>/<slug:slug>/", sales.sales_dataset, name="sales-dataset"),
    path("earnings/", earnings.earnings, name="earnings"),
    path("earnings/statements/", statements.statement_list, name="statements"),
    path("earnings/statements/<slug:number>/", statements.statement_page, name="statement"),
    path("earnings/statements/<slug:number>/statement.csv", statements.statement_csv, name="statement-csv"),
    path("earnings/statements/<slug:number>/statement.json", statements.statement_json, name="statement-json"),
    path("earnings/statements/<slug:number>/statement.pdf", statements.statement_pdf, name="statement-pdf"),
    path("earnings/payout-account/", payouts.payout_account, name="payout-account"),
    path("earnings/payout-account/<uuid:payee_id>/start/", payouts.start, name="payout-start"),
    path("earnings/payout-account/<uuid:payee_id>/refresh/", payouts.refresh, name="payout-refresh"),
    path("earnings/payout-account/simulated/<uuid:account_id>/", payouts.simulated, name="simulated-onboarding"),
    path("operator/finance/", finance_tasks.overview, name="finance"),
    path("operator/finance/closed/", finance_tasks.closed, name="finance-closed"),
    path("operator/finance/tasks/<uuid:task_id>/close/", finance_tasks.close, name="finance-close"),
    path("operator/finance/approvals/<uuid:approval_id>/", finance_tasks.decide, name="finance-decide"),
    path("operator/finance/reconciliation/", books.reconciliation, name="finance-reconciliation"),
    path("operator/finance/reconciliation/<uuid:run_id>/", books.reconciliation_run, name="finance-run"),
    path("operator/finance/accounts/", books.accounts, name="finance-accounts"),
    path("operator/finance/returns/", books.returns, name="finance-returns"),
    path("operator/finance/orders/", finance_orders.search, name="finance-orders"),
    path("operator/finance/orders/<uuid:order_id>/", finance_orders.order, name="finance-order"),
    path("operator/finance/correction/", finance_orders.correction, name="finance-correction"),
    path("operator/finance/debts/", debts.debt_list, name="finance-debts"),
    path("operator/finance/debts/<int:debt_id>/", debts.write_off, name="finance-write-off"),
]
