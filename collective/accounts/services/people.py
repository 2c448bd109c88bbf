"""Accounts of people: opened with a personal organization, closed at once."""

from allauth.account.models import EmailAddress
from django.db import IntegrityError, transaction

from collective.accounts.domain.slugs import slug_candidates
from collective.accounts.errors import EmailTakenError, SlugTakenError
from collective.accounts.models import Membership, Organization, User
from collective.core import audit


@transaction.atomic
def register_user(*, email: str, name: str, password: str | None, is_staff: bool = False) -> User:
    """A person and their personal organization, without mail: for operators' commands and sample data.

    Whoever calls this vouches for the address: it counts as confirmed. Raises EmailTakenError.
    """
    if User.objects.filter(email__iexact=email).exists():
        raise EmailTakenError
    user = User.objects.create_user(email, password, name=name, is_staff=is_staff)
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    create_personal_organization(user=user)
    return user


@transaction.atomic
def create_personal_organization(*, user: User) -> Organization:
    """The one that everybody has. Called again, it returns the same."""
    existing = Organization.objects.filter(personal_of=user).first()
    if existing is not None:
        return existing
    organization = create_with_free_slug(
        slug_candidates(user.name, fallback="member"), name=user.name or user.email.partition("@")[0], personal_of=user
    )
    Membership.objects.create(organization=organization, user=user, role=Membership.OWNER)
    audit.record(actor=user, action="accounts.personal_organization_created", obj=organization)
    return organization


def create_with_free_slug(slugs: list[str], **fields: object) -> Organization:
    """Try each slug; the unique index settles a race for the same name. Raises SlugTakenError."""
    for slug in slugs:
        try:
            with transaction.atomic():
                return Organization.objects.create(slug=slug, **fields)
        except IntegrityError:
            if not Organization.objects.filter(slug=slug).exists():
                raise
    raise SlugTakenError(slug=slugs[0])
