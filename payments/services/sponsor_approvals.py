"""Who may use a budget: asked for in a researcher's own words, or given by the sponsor."""

from uuid import UUID

from django.db import transaction
from django.utils import timezone

from collective.accounts.models import Organization, User
from collective.accounts.policies import check_can_manage
from collective.accounts.selectors import organization_for
from collective.core import audit
from payments.errors import OrganizationUnknownError, ReasonMissingError, SponsorshipOverError, SponsorWordsMissingError
from payments.models import SponsorApproval, Sponsorship
from payments.selectors.sponsoring import approval_for, sponsorship_for
from payments.services.sponsor_mail import tell_researcher, tell_sponsor

WORDS_MAX = 2000


@transaction.atomic
def ask_sponsor(*, actor: User, sponsorship_id: UUID, researcher_id: UUID, words: str) -> SponsorApproval:
    """Any member asks for their organization, again after a refusal. What is approved already stays so.

    Raises SponsorWordsMissingError and SponsorshipOverError.
    """
    sponsorship = _locked(sponsorship_for(actor, sponsorship_id))
    researcher = organization_for(actor, researcher_id)
    if not words.strip():
        raise SponsorWordsMissingError(fields={"words": [SponsorWordsMissingError.text]})
    approval, is_new = SponsorApproval.objects.get_or_create(
        sponsorship=sponsorship, researcher=researcher, defaults={"words": words.strip()[:WORDS_MAX]}
    )
    if not is_new and approval.state in {"refused", "withdrawn"}:
        approval.transition_to("requested", words=words.strip()[:WORDS_MAX], reason="")
        is_new = True
    if is_new:
        audit.record(actor=actor, action="payments.sponsor_asked", obj=approval)
        tell_sponsor(approval)
    return approval


@transaction.atomic
def invite_researcher(*, actor: User, sponsorship_id: UUID, slug: str) -> SponsorApproval:
    """Approved without having asked. `slug` is the researcher's organization; a personal one is known to who says it.

    Raises OrganizationUnknownError and SponsorshipOverError.
    """
    sponsorship = sponsorship_for(actor, sponsorship_id)
    check_can_manage(actor, sponsorship.sponsor)
    sponsorship = _locked(sponsorship)
    researcher = Organization.objects.filter(slug=slug.strip().lower()).first()
    if researcher is None:
        raise OrganizationUnknownError(fields={"slug": [OrganizationUnknownError.text]})
    approval, is_new = SponsorApproval.objects.get_or_create(
        sponsorship=sponsorship, researcher=researcher, defaults={"state": "approved"}
    )
    if not is_new and approval.state != "approved":
        approval.transition_to("approved", reason="")
        is_new = True
    if is_new:
        _tell(actor, approval)
    return approval


@transaction.atomic
def decide_sponsor_request(*, actor: User, approval_id: UUID, approve: bool, reason: str = "") -> SponsorApproval:
    """A refusal says why. Raises ReasonMissingError, SponsorshipOverError, and WrongStateError for one decided."""
    approval = approval_for(actor, approval_id)
    check_can_manage(actor, approval.sponsorship.sponsor)
    _locked(approval.sponsorship)
    if not approve and not reason.strip():
        raise ReasonMissingError(fields={"reason": [ReasonMissingError.text]})
    approval.transition_to("approved" if approve else "refused", reason=reason.strip())
    _tell(actor, approval)
    return approval


@transaction.atomic
def withdraw_sponsor_approval(*, actor: User, approval_id: UUID, reason: str) -> SponsorApproval:
    """No new licenses; those that were given stay. An order that is being placed comes first or is refused."""
    approval = approval_for(actor, approval_id)
    check_can_manage(actor, approval.sponsorship.sponsor)
    Sponsorship.objects.select_for_update(no_key=True).get(pk=approval.sponsorship_id)
    if not reason.strip():
        raise ReasonMissingError(fields={"reason": [ReasonMissingError.text]})
    approval.transition_to("withdrawn", reason=reason.strip())
    _tell(actor, approval)
    return approval


def _tell(actor: User, approval: SponsorApproval) -> None:
    audit.record(actor=actor, action=f"payments.sponsor_{approval.state}", obj=approval, reason=approval.reason)
    tell_researcher(approval, approval.state)


def _locked(sponsorship: Sponsorship) -> Sponsorship:
    """Raises SponsorshipOverError."""
    found = Sponsorship.objects.select_for_update(no_key=True).get(pk=sponsorship.pk)
    if found.state != "open" or found.until <= timezone.now():
        raise SponsorshipOverError
    return found
