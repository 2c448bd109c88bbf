"""Payments' background work."""

from uuid import UUID

from collective.core.jobs import every, job
from payments.services import freezing, orders, periods, releasing, settling, statements

HOUR = 3600


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


@job("payments.issue_statements", max_attempts=10)
def issue_statements() -> None:
    statements.issue_statements()


every(HOUR, "payments.settle_all_pools")
every(HOUR, "payments.settle_ended_periods")
every(HOUR, "payments.release_due_settlements")
every(HOUR, "payments.expire_orders")
# Nothing to do on most days: a month is issued some hours after its end.
every(6 * HOUR, "payments.issue_statements")
