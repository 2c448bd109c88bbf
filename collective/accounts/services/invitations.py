"""Invitations: the same for an address with an account and without, so that nobody learns who has one."""

from datetime import timedelta
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone

from collective.accounts import policies, selectors
from collective.accounts.errors import BadEmailError, InvitationNotFoundError, PersonalOrganizationError
from collective.accounts.models import Invitation, Membership, User
from collective.accounts.services.members import check_may_give, lock_organization
from collective.core import audit
from collective.core.errors import DomainError
from collective.core.jobs import enqueue

MAIL_EVERY = timedelta(minutes=1)


@transaction.atomic
def invite_member(*, actor: User, organization_id: UUID, email: str, role: str = Membership.MEMBER) -> Invitation:
    """Ask the owner of an e-mail address to join. Asking again changes the role and sends at most one mail a minute."""
    organization = lock_organization(actor, organization_id)
    policies.check_can_manage_members(actor, organization)
    check_may_give(actor, organization, role)
    if organization.is_personal:
        raise PersonalOrganizationError
    invitation, created = Invitation.objects.get_or_create(
        organization=organization, email=_checked_email(email), defaults={"role": role, "invited_by": actor}
    )
    if not created:
        Invitation.objects.filter(pk=invitation.pk).update(role=role, invited_by=actor)
        invitation.refresh_from_db()
    _send_mail(invitation)
    audit.record(actor=actor, action="accounts.member_invited", obj=organization, invitation=invitation.pk, role=role)
    return invitation


@transaction.atomic
def accept_invitation(*, actor: User, invitation_id: UUID) -> Membership:
    """The person who holds the invited address becomes a member. An invitation is used once.

    It stands only as long as whoever sent it could send it today: a removed manager has no way back in.
    """
    policies.check_signed_in(actor)
    invitation = _own_invitation(actor, invitation_id)
    _check_still_meant(invitation)
    membership, created = Membership.objects.get_or_create(
        organization=invitation.organization, user=actor, defaults={"role": invitation.role}
    )
    invitation.delete()
    if created:
        audit.record(
            actor=actor,
            action="accounts.member_joined",
            obj=invitation.organization,
            role=invitation.role,
            invited_by=invitation.invited_by_id,
        )
    return membership


@transaction.atomic
def decline_invitation(*, actor: User, invitation_id: UUID) -> None:
    policies.check_signed_in(actor)
    invitation = _own_invitation(actor, invitation_id)
    invitation.delete()
    audit.record(actor=actor, action="accounts.invitation_declined", obj=invitation.organization)


@transaction.atomic
def withdraw_invitation(*, actor: User, organization_id: UUID, invitation_id: UUID) -> None:
    """The organization takes an unanswered invitation back."""
    organization = lock_organization(actor, organization_id)
    policies.check_can_manage_members(actor, organization)
    invitation = Invitation.objects.filter(pk=invitation_id, organization=organization).first()
    if invitation is None:
        raise InvitationNotFoundError
    invitation.delete()
    audit.record(actor=actor, action="accounts.invitation_withdrawn", obj=organization, invitation=invitation_id)


def _own_invitation(actor: User, invitation_id: UUID) -> Invitation:
    invitation = selectors.invitations_for(actor).filter(pk=invitation_id).first()
    if invitation is None:
        raise InvitationNotFoundError
    return invitation


def _check_still_meant(invitation: Invitation) -> None:
    organization, inviter = invitation.organization, invitation.invited_by
    try:
        policies.check_can_manage_members(inviter, organization)
        check_may_give(inviter, organization, invitation.role)
    except DomainError as error:
        raise InvitationNotFoundError from error


def _send_mail(invitation: Invitation) -> None:
    """One job per invitation and minute, whatever is clicked how often."""
    now = timezone.now()
    if invitation.mailed_at is None or invitation.mailed_at <= now - MAIL_EVERY:
        Invitation.objects.filter(pk=invitation.pk).update(mailed_at=now)
        key = f"invitation:{invitation.pk}:{now.timestamp():.0f}"
        enqueue("accounts.send_invitation", key=key, invitation_id=invitation.pk)


def _checked_email(email: str) -> str:
    email = email.strip().lower()
    try:
        validate_email(email)
    except ValidationError as error:
        raise BadEmailError(fields={"email": [BadEmailError.text]}) from error
    return email
