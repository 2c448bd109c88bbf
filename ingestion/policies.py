"""Who may do what in ingestion. Stewardship and ownership are the catalog's words; state is asked here."""

from collective.accounts.models import User
from collective.catalog.models import Contribution
from collective.catalog.policies import check_can_edit_contribution, is_own
from ingestion.domain.similarity import LIVE
from ingestion.errors import NotEditableError

EDITABLE_STATES = ("draft", "needs_changes")
# A check has passed, and the records are still there.
RECORDS_KNOWN = LIVE


def check_can_change_files(actor: User, contribution: Contribution) -> None:
    """The contributor alone, and only before validation or after it asked for changes."""
    check_can_edit_contribution(actor, contribution)
    if contribution.state not in EDITABLE_STATES:
        raise NotEditableError(state=contribution.get_state_display())


def can_change_files(actor: User, contribution: Contribution) -> bool:
    return is_own(actor, contribution) and contribution.state in EDITABLE_STATES
