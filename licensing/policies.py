"""Who may do what in licensing. `check_can_…` raises and names the reason; `can_…` is its twin for templates."""

from collective.accounts.models import Organization
from collective.accounts.policies import check_can_act_for
from collective.accounts.selectors import Person, is_member
from collective.catalog.models import Contribution, Dataset
from collective.catalog.policies import can_steward, check_can_edit_contribution, check_can_steward, is_own
from collective.core.errors import DeniedError, DomainError
from licensing.errors import OwnAccessError, RecordsNotSeparableError, RightsLockedError
from licensing.models import AccessRequest, LicenseGrant, Offer, WithdrawalNotice

RIGHTS_OPEN = ("draft", "needs_changes")
SEPARABLE = ("validated", "accepted", "withdrawn")


def check_can_declare_rights(actor: Person, contribution: Contribution) -> None:
    """Only the contributor, and only until it is handed in: what was validated and decided on stays as it was said."""
    check_can_edit_contribution(actor, contribution)
    if contribution.state not in RIGHTS_OPEN:
        raise RightsLockedError(state=contribution.state.replace("_", " "))


def can_declare_rights(actor: Person, contribution: Contribution) -> bool:
    try:
        check_can_declare_rights(actor, contribution)
    except DomainError:
        return False
    return True


def can_withdraw(actor: Person, contribution: Contribution) -> bool:
    own = actor.is_authenticated and contribution.contributor_id == actor.pk
    return own and contribution.state != "withdrawn"


def check_can_withdraw_records(actor: Person, contribution: Contribution) -> None:
    """The contributor may take back any of them, as long as they can be told apart: once a check has passed."""
    check_can_edit_contribution(actor, contribution)
    if contribution.state not in SEPARABLE:
        raise RecordsNotSeparableError(state=contribution.state.replace("_", " "))


def can_withdraw_records(actor: Person, contribution: Contribution) -> bool:
    return can_withdraw(actor, contribution) and contribution.state in SEPARABLE


def check_can_manage_offer(actor: Person, offer: Offer) -> None:
    check_can_steward(actor, offer.dataset)


def check_can_rotate_keys(actor: Person) -> None:
    if not (actor.is_active and actor.is_staff):
        raise DeniedError


def check_can_suspend(actor: Person, grant: LicenseGrant) -> None:
    """The dataset's stewards, and operators of the instance."""
    if not (actor.is_active and actor.is_staff):
        check_can_steward(actor, grant.dataset)


def check_can_ask_access(actor: Person, dataset: Dataset, licensee: Organization) -> None:
    """Any member asks for an organization, but none for the publisher of the dataset itself."""
    check_can_act_for(actor, licensee)
    if dataset.organization_id == licensee.pk:
        raise OwnAccessError(organization=licensee.name)


def check_can_answer_access(actor: Person, request: AccessRequest) -> None:
    """Anybody of the organization that asks."""
    check_can_act_for(actor, request.licensee)


def can_answer_access(actor: Person, request: AccessRequest) -> bool:
    return actor.is_authenticated and is_member(actor, request.licensee)


def check_can_decide_access(actor: Person, request: AccessRequest) -> None:
    check_can_steward(actor, request.dataset)


def can_decide_access(actor: Person, request: AccessRequest) -> bool:
    return can_steward(actor, request.dataset)


def check_can_answer_notice(actor: Person, notice: WithdrawalNotice) -> None:
    """Whoever may buy for the licensee may answer for it."""
    check_can_act_for(actor, notice.grant.licensee)


def check_can_follow_withdrawal(actor: Person, contribution: Contribution) -> None:
    """Its contributor and the dataset's stewards see which licensees were told, and what they answered."""
    if not is_own(actor, contribution):
        check_can_steward(actor, contribution.dataset)


def can_follow_withdrawal(actor: Person, contribution: Contribution) -> bool:
    try:
        check_can_follow_withdrawal(actor, contribution)
    except DomainError:
        return False
    return True
