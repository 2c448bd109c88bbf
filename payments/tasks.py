"""Payments' background work."""

from uuid import UUID

from collective.core.jobs import every, job
from payments.services import (
    attempts,
    auditing,
    capturing,
    closing,
    disputes,
    following,
    freezing,
    invoices,
    onboarding,
    orders,
    paying_out,
    periods,
    reconciling,
    recovering,
    refunds,
    releasing,
    settling,
    simulating,
    solvency,
    sponsor_funding,
    sponsor_mail,
    sponsor_returns,
    sponsorships,
    statements,
    stopping,
    subscriptions,
    transferring,
    unapplied,
    unclaimed,
)

HOUR = 3600
DAY = 24 * HOUR


@job("payments.settle_pool", max_attempts=10)
def settle_pool(version_id: str, currency: str) -> None:
    settling.settle_pool(version_id=UUID(version_id), currency=currency)


@job("payments.settle_all_pools")
def settle_all_pools() -> None:
    settling.settle_all_pools()


@job("payments.settle_period", max_attempts=10)
def settle_period(order_id: str) -> None:
    periods.settle_period(order_id=UUID(order_id))


@job("payments.settle_ended_periods")
def settle_ended_periods() -> None:
    periods.settle_ended_periods()


@job("payments.release_due_settlements")
def release_due_settlements() -> None:
    releasing.release_due_settlements()


@job("payments.tell_of_freeze")
def tell_of_freeze(freeze_id: str, kind: str) -> None:
    freezing.tell_of_freeze(freeze_id=UUID(freeze_id), kind=kind)


@job("payments.mail_freeze")
def mail_freeze(freeze_id: str, payee_id: str, kind: str, user_id: str) -> None:
    freezing.mail_freeze(freeze_id=UUID(freeze_id), payee_id=UUID(payee_id), kind=kind, user_id=UUID(user_id))


@job("payments.expire_orders")
def expire_orders() -> None:
    orders.expire_orders()


@job("payments.look_after_attempt", max_attempts=20)
def look_after_attempt(attempt_id: str) -> None:
    attempts.look_after_attempt(attempt_id=UUID(attempt_id))


@job("payments.decide_attempt", max_attempts=50)
def decide_attempt(attempt_id: str) -> None:
    capturing.decide_attempt(attempt_id=UUID(attempt_id))


@job("payments.end_old_authorizations", max_attempts=20)
def end_old_authorizations() -> None:
    capturing.end_old_authorizations()


@job("payments.end_attempt", max_attempts=20)
def end_attempt(attempt_id: str) -> None:
    attempts.end_attempt(attempt_id=UUID(attempt_id))


@job("payments.issue_invoice", max_attempts=50)
def issue_invoice(invoice_id: str) -> None:
    invoices.issue_invoice(invoice_id=UUID(invoice_id))


@job("payments.look_after_invoice", max_attempts=20)
def look_after_invoice(invoice_id: str) -> None:
    invoices.look_after_invoice(invoice_id=UUID(invoice_id))


@job("payments.end_invoice", max_attempts=50)
def end_invoice(invoice_id: str) -> None:
    invoices.end_invoice(invoice_id=UUID(invoice_id))


@job("payments.renew_simulated")
def renew_simulated() -> None:
    simulating.renew_simulated()


@job("payments.look_after_subscriptions")
def look_after_subscriptions() -> None:
    subscriptions.look_after_subscriptions()


@job("payments.look_after_subscription", max_attempts=20)
def look_after_subscription(subscription_id: str) -> None:
    subscriptions.look_after_subscription(subscription_id=UUID(subscription_id))


@job("payments.send_cancellation", max_attempts=50)
def send_cancellation(subscription_id: str) -> None:
    subscriptions.send_cancellation(subscription_id=UUID(subscription_id))


@job("payments.mail_subscription")
def mail_subscription(subscription_id: str) -> None:
    subscriptions.mail_subscription(subscription_id=UUID(subscription_id))


@job("payments.follow_event", max_attempts=20)
def follow_event(event_pk: str) -> None:
    following.follow_event(event_pk=int(event_pk))


@job("payments.release_after_dispute", max_attempts=10)
def release_after_dispute(dispute_id: str) -> None:
    disputes.release_after_dispute(dispute_id=UUID(dispute_id))


@job("payments.catch_up")
def catch_up() -> None:
    following.catch_up()


@job("payments.send_refund", max_attempts=50)
def send_refund(request_id: str) -> None:
    refunds.send_refund(request_id=UUID(request_id))


@job("payments.return_unapplied", max_attempts=50)
def return_unapplied(unapplied_id: str) -> None:
    unapplied.return_unapplied(unapplied_id=UUID(unapplied_id))


@job("payments.mail_sponsoring")
def mail_sponsoring(approval_id: str, kind: str, user_id: str) -> None:
    sponsor_mail.mail_sponsoring(approval_id=UUID(approval_id), kind=kind, user_id=UUID(user_id))


@job("payments.look_after_funding", max_attempts=20)
def look_after_funding(funding_id: str) -> None:
    sponsor_funding.look_after_funding(funding_id=UUID(funding_id))


@job("payments.end_funding", max_attempts=20)
def end_funding(funding_id: str) -> None:
    sponsor_funding.end_funding(funding_id=UUID(funding_id))


@job("payments.send_sponsor_return", max_attempts=50)
def send_sponsor_return(return_id: str) -> None:
    sponsor_returns.send_sponsor_return(return_id=UUID(return_id))


@job("payments.close_ended_sponsorships")
def close_ended_sponsorships() -> None:
    sponsorships.close_ended_sponsorships()


@job("payments.run_payouts", max_attempts=20)
def run_payouts() -> None:
    paying_out.run_payouts()


@job("payments.send_transfer", max_attempts=50)
def send_transfer(intent_id: str) -> None:
    transferring.send_transfer(intent_id=UUID(intent_id))


@job("payments.look_after_transfers")
def look_after_transfers() -> None:
    transferring.look_after_transfers()


@job("payments.read_account", max_attempts=20)
def read_account(account_id: str) -> None:
    onboarding.read_account(account_id=UUID(account_id))


@job("payments.recover_debts")
def recover_debts() -> None:
    recovering.recover_debts()


@job("payments.send_reversal", max_attempts=50)
def send_reversal(reversal_id: str) -> None:
    recovering.send_reversal(reversal_id=UUID(reversal_id))


@job("payments.put_aside_unclaimed")
def put_aside_unclaimed() -> None:
    unclaimed.put_aside_unclaimed()


@job("payments.give_back_unclaimed")
def give_back_unclaimed(payee_id: str) -> None:
    unclaimed.give_back_unclaimed(payee_id=UUID(payee_id))


@job("payments.remind_unpaid")
def remind_unpaid() -> None:
    unclaimed.remind_unpaid()


@job("payments.mail_unpaid")
def mail_unpaid(payee_id: str, user_id: str) -> None:
    unclaimed.mail_unpaid(payee_id=UUID(payee_id), user_id=UUID(user_id))


@job("payments.look_after_closed_payees")
def look_after_closed_payees() -> None:
    closing.look_after_closed_payees()


@job("payments.watch_funds")
def watch_funds() -> None:
    solvency.watch_funds()


@job("payments.reconcile")
def reconcile() -> None:
    reconciling.reconcile()


@job("payments.audit_money")
def audit_money() -> None:
    auditing.audit_money()


@job("payments.release_after_task", max_attempts=10)
def release_after_task(task_id: str) -> None:
    stopping.release_after_task(task_id=UUID(task_id))


every(DAY, "payments.reconcile")
every(DAY, "payments.audit_money")
every(HOUR, "payments.catch_up")


@job("payments.issue_statements", max_attempts=10)
def issue_statements() -> None:
    statements.issue_statements()


every(HOUR, "payments.settle_all_pools")
every(HOUR, "payments.settle_ended_periods")
every(HOUR, "payments.release_due_settlements")
every(HOUR, "payments.expire_orders")
every(HOUR, "payments.end_old_authorizations")
every(HOUR, "payments.renew_simulated")
every(HOUR, "payments.look_after_subscriptions")
# Nothing to do on most days: a month is issued some hours after its end.
every(6 * HOUR, "payments.issue_statements")
every(HOUR, "payments.look_after_transfers")
every(HOUR, "payments.watch_funds")
every(DAY, "payments.recover_debts")
every(DAY, "payments.put_aside_unclaimed")
every(DAY, "payments.remind_unpaid")
every(DAY, "payments.look_after_closed_payees")
every(paying_out.WEEK, "payments.run_payouts")
every(HOUR, "payments.close_ended_sponsorships")
