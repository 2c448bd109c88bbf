"""Routes for what a licensee may do when withdrawals removed too much of what they licensed: theirs alone."""

from typing import Any

from collective.catalog.services import take_back
from licensing.selectors import grant_of_order
from tests.contract.matrix import Row, only
from tests.contract.matrix.world import World


def grant(world: World) -> dict[str, Any]:
    """All of it was withdrawn, in the cell's own transaction."""
    contribution = world.contribution
    take_back(actor=contribution.contributor, contribution_id=contribution.pk)
    found = grant_of_order(world.order.pk)
    assert found is not None
    return {"grant_id": found.pk}


def order(world: World) -> dict[str, Any]:
    grant(world)
    return world.order_path


LICENSEE = only("buyer", 200, others=404, anonymous=401)

ROWS = [
    Row("licensing-api:grant-removal", "GET", path=grant, **LICENSEE),
    Row("licensing-api:grant-end", "POST", path=grant, **LICENSEE),
    Row("licensing:grant-end", "POST", path=grant, **only("buyer", 302, others=404, anonymous=302)),
    # Operators look at orders, and act on none that is not theirs.
    Row("payments-api:removal-refund", "POST", path=order, **{**LICENSEE, "operator": 403}),
    Row(
        "payments:removal-refund",
        "POST",
        path=order,
        **only("buyer", 302, others=404, anonymous=302, operator=403),
    ),
]
