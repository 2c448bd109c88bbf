"""Who may do what in licensing. `check_can_…` raises and names the reason; `can_…` is its twin for templates."""

from collections.abc import Collection
from uuid import UUID

from django.db.models import Q

from collective.accounts.models import Organization
from collective.accounts.policies import check_can_act_for, check_can_manage
from collective.accounts.selectors import Person, is_admin, is_member, is_operator
from collective.catalog.models import Contribution, Dataset, SplitShare
from collective.catalog.policies import can_steward, check_can_edit_contribution, check_can_steward, is_own
from collective.core.errors import DeniedError, DomainError
from licensing.errors import (
    ClaimOwnError,
    OwnAccessError,
    OwnershipOwnClaimError,
    OwnershipRejectDeniedError,
    OwnershipUpholdDeniedError,
    RecordsNotSeparableError,
    RecordsNotYoursError,
    RightsLockedError,
)
from licensing.models import (
    AccessRequest,
    LicenseGrant,
    Offer,
    OwnershipClaim,
    RecordSubject,
    Seat,
    SubjectRecord,
    WithdrawalNotice,
)
from licensing.models import Person as RecordedPerson

RIGHTS_OPEN = ("draft", "needs_changes")
SEPARABLE = ("validated", "accepted", "withdrawn")
STEWARDS_OPEN = ("submitted", "validating", "needs_changes", "validated")


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


def check_can_withdraw_records(
    actor: Person, contribution: Contribution, record_ids: Collection[str], ward: UUID | None = None
) -> None:
    """Whoever gave them, or is in each of them, as long as they can be told apart: once a check has passed.

    With `ward`: whether that person is. Precondition: the actor is their guardian.
    """
    if contribution.state not in SEPARABLE:
        raise RecordsNotSeparableError(state=contribution.state.replace("_", " "))
    if not may_withdraw(actor, contribution, record_ids, ward):
        raise RecordsNotYoursError


def can_withdraw_records(actor: Person, contribution: Contribution) -> bool:
    return can_withdraw(actor, contribution) and contribution.state in SEPARABLE


def may_withdraw(
    actor: Person,
    contribution: Contribution,
    record_ids: Collection[str] | None = None,
    ward: UUID | None = None,
) -> bool:
    """Whether this person may take back these records; None means all of the contribution.

    The contributor may take back anything, and everybody else what they are in: a joint record needs everybody.
    """
    if not actor.is_authenticated:
        return False
    if ward is None and contribution.contributor_id == actor.pk:
        return True
    who = {"person": ward} if ward else {"person__account": actor.pk}
    mine = RecordSubject.objects.filter(contribution=contribution, **who)
    if mine.filter(is_whole=True).exists():
        return True
    wanted = set(record_ids or ())
    held = SubjectRecord.objects.filter(subject__in=mine, record_id__in=wanted).values_list("record_id", flat=True)
    return bool(wanted) and set(held) == wanted


def check_can_see_people(actor: Person, contribution: Contribution) -> None:
    """The contributor, who knows them, and the stewards of what is handed in."""
    if contribution.state == "draft" or not can_steward(actor, contribution.dataset):
        check_can_edit_contribution(actor, contribution)


def can_see_people(actor: Person, contribution: Contribution) -> bool:
    try:
        check_can_see_people(actor, contribution)
    except DomainError:
        return False
    return True


def check_can_claim(actor: Person, person: RecordedPerson) -> None:
    """Whoever brought in the person's answers, or publishes them, cannot become that person, nor their guardian."""
    answered = Q(subjects__person=person) | Q(consent_events__person=person) | Q(consent_events__guardian=person)
    within = Contribution.objects.filter(answered)
    organizations = {person.provider_id, *within.values_list("dataset__organization", flat=True)}
    if within.filter(contributor=actor.pk).exists() or any(is_member(actor, each) for each in organizations if each):
        raise ClaimOwnError


def check_can_bring_people(actor: Person, contribution: Contribution) -> None:
    """Until it is decided on. The contributor before handing it in, a steward afterwards."""
    check_can_see_people(actor, contribution)
    open_to_actor = (*RIGHTS_OPEN, "validated") if is_own(actor, contribution) else STEWARDS_OPEN
    if contribution.state not in open_to_actor:
        raise RightsLockedError(state=contribution.state.replace("_", " "))


def can_bring_people(actor: Person, contribution: Contribution) -> bool:
    try:
        check_can_bring_people(actor, contribution)
    except DomainError:
        return False
    return True


def check_can_publish_notice(actor: Person, dataset: Dataset | None) -> None:
    """A dataset's own its stewards, the instance's an operator."""
    if dataset is not None:
        check_can_steward(actor, dataset)
    elif not is_operator(actor):
        raise DeniedError


def check_can_manage_offer(actor: Person, offer: Offer) -> None:
    check_can_steward(actor, offer.dataset)


def check_can_rotate_keys(actor: Person) -> None:
    if not is_operator(actor):
        raise DeniedError


def check_can_suspend(actor: Person, grant: LicenseGrant) -> None:
    """The dataset's stewards, and operators of the instance."""
    if not is_operator(actor):
        check_can_steward(actor, grant.dataset)


def check_can_leave(actor: Person, grant: LicenseGrant) -> None:
    """Whoever may buy for the licensee may end its license."""
    check_can_act_for(actor, grant.licensee)


def check_can_review_claim(actor: Person, claim: OwnershipClaim) -> None:
    """The dataset's stewards may stand against their own interest, and operators may; nobody decides their own."""
    if not is_operator(actor):
        check_can_steward(actor, claim.dataset)
    if _filed_it(actor, claim):
        raise OwnershipOwnClaimError


def can_review_claim(actor: Person, claim: OwnershipClaim) -> bool:
    return (is_operator(actor) or can_steward(actor, claim.dataset)) and not _filed_it(actor, claim)


def check_can_uphold_claim(actor: Person, claim: OwnershipClaim) -> None:
    """Operators, and stewards where nobody's earnings but the publisher's own wait for it."""
    check_can_review_claim(actor, claim)
    if not is_operator(actor) and _concerns_others(claim):
        raise OwnershipUpholdDeniedError


def can_uphold_claim(actor: Person, claim: OwnershipClaim) -> bool:
    return can_review_claim(actor, claim) and (is_operator(actor) or not _concerns_others(claim))


def check_can_reject_claim(actor: Person, claim: OwnershipClaim) -> None:
    """Operators alone: the publisher is a party."""
    if not is_operator(actor):
        raise OwnershipRejectDeniedError
    if _filed_it(actor, claim):
        raise OwnershipOwnClaimError


def _filed_it(actor: Person, claim: OwnershipClaim) -> bool:
    """They, or the publisher to whom both the filer and they belong."""
    if claim.filed_by_id == actor.pk or claim.email.lower() == getattr(actor, "email", "").lower():
        return True
    publisher = claim.dataset.organization_id
    return claim.filed_by is not None and is_member(claim.filed_by, publisher) and is_member(actor, publisher)


def _concerns_others(claim: OwnershipClaim) -> bool:
    publisher = claim.dataset.organization_id
    if claim.contribution is not None:
        return claim.contribution.payee_id != publisher
    return SplitShare.objects.filter(version__dataset=claim.dataset_id).exclude(payee=publisher).exists()


def check_can_withdraw_claim(actor: Person, claim: OwnershipClaim) -> None:
    """The claimant; operators for one who has no account."""
    if not can_withdraw_claim(actor, claim):
        raise DeniedError


def can_withdraw_claim(actor: Person, claim: OwnershipClaim) -> bool:
    own = actor.is_authenticated and claim.filed_by_id == actor.pk
    return own or (is_operator(actor) and claim.filed_by_id is None)


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


def check_can_assign_seat(actor: Person, grant: LicenseGrant) -> None:
    """Owners and admins of the licensee."""
    check_can_manage(actor, grant.licensee)


def can_assign_seat(actor: Person, grant: LicenseGrant) -> bool:
    return is_admin(actor, grant.licensee)


def check_can_release_seat(actor: Person, seat: Seat) -> None:
    """Everybody their own; owners and admins of the licensee every seat."""
    if seat.user_id != actor.pk:
        check_can_manage(actor, seat.grant.licensee)
