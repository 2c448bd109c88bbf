"""Routes of the finance team: for operators; for all others the pages do not exist."""

from typing import Any

from collective.core.ids import new_id
from tests.contract.matrix import Row, everybody, only
from tests.contract.matrix.world import World

PAGE = only("operator", 200, others=404)
ACT = only("operator", 302, others=404)
API = only("operator", 200, others=403, anonymous=401)


def nobody(name: str) -> dict[str, Any]:
    """A task, approval or run that there is not."""
    return {name: new_id()}


def task(_: World) -> dict[str, Any]:
    return nobody("task_id")


def approval(_: World) -> dict[str, Any]:
    return nobody("approval_id")


def run(_: World) -> dict[str, Any]:
    return nobody("run_id")


ROWS = [
    Row("payments:finance", "GET", **PAGE),
    Row("payments:finance-closed", "GET", **PAGE),
    # Back to the list, which says that there is no such thing.
    Row("payments:finance-close", "POST", path=task, body={"note": "Done."}, **ACT),
    Row("payments:finance-decide", "POST", path=approval, body={"decision": "approve"}, **ACT),
    Row("payments:finance-reconciliation", "GET", **PAGE),
    Row("payments:finance-run", "GET", path=run, **everybody(404)),
    Row("payments:finance-accounts", "GET", **PAGE),
    Row("payments:finance-returns", "GET", **PAGE),
    Row("payments:finance-orders", "GET", **PAGE),
    Row("payments:finance-order", "GET", path="order_path", **PAGE),
    Row("payments:finance-order", "POST", path="order_path", body={}, **PAGE),
    Row("payments:finance-debts", "GET", **PAGE),
    Row("payments:finance-write-off", "GET", path={"debt_id": 0}, **everybody(404)),
    Row("payments:finance-write-off", "POST", path={"debt_id": 0}, body={}, **everybody(404)),
    Row("payments:finance-correction", "GET", **PAGE),
    Row("payments:finance-correction", "POST", body={}, **PAGE),
    Row("payments-api:finance-tasks", "GET", **API),
    Row(
        "payments-api:finance-task-close",
        "POST",
        path=task,
        body={"note": "Done."},
        **only("operator", 404, others=403, anonymous=401),
    ),
    Row("payments-api:reconciliations", "GET", **API),
]
