"""What happens by itself when time passes."""

from tests.standin.ledger import release_funds
from tests.standin.resources.checkout import expire_old_ones
from tests.standin.resources.collecting import remind
from tests.standin.resources.intents import expire_authorizations
from tests.standin.resources.subscriptions import turn_periods
from tests.standin.state import State


def tick(state: State) -> None:
    """At most once a second: nothing that was made in this one can be due already."""
    if state.ticked == state.now():
        return
    state.ticked = state.now()
    release_funds(state)
    state.idempotency.prune()
    expire_old_ones(state)
    expire_authorizations(state)
    turn_periods(state)
    remind(state)
