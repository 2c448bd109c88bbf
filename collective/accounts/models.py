"""People, the organizations they act for, and the keys their programs use."""

from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.db.models import Q
from django.db.models.functions import Length, Lower
from django.db.models.lookups import Exact
from django.utils import timezone

from collective.core.ids import new_id


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)


class User(AbstractBaseUser, PermissionsMixin):
    """A person. `is_staff` marks an operator of this instance."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    email = models.EmailField()
    name = models.CharField(max_length=150, help_text="As it should appear to others, in any script.")
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False)
    joined_at = models.DateTimeField(auto_now_add=True)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]
    objects = UserManager()

    class Meta:
        constraints = [models.UniqueConstraint(Lower("email"), name="user_email_once")]

    def __str__(self) -> str:
        return self.name or self.email

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name


class OrganizationQuerySet(models.QuerySet["Organization"]):
    def with_member(self, user: Any, *roles: str) -> "OrganizationQuerySet":
        """Organizations in which `user` has one of `roles` (any role when none is named)."""
        mine = Membership.objects.filter(user_id=user.pk)
        return self.filter(pk__in=(mine.filter(role__in=roles) if roles else mine).values("organization_id"))


class Organization(models.Model):
    """Stewards datasets, holds licenses, is paid. Everybody has a personal one."""

    KINDS: ClassVar[list[tuple[str, str]]] = [
        ("individual", "a person"),
        ("academic", "a university or school"),
        ("nonprofit", "a non-profit organization"),
        ("sme", "a small or medium company"),
        ("enterprise", "a large company"),
        ("public", "a public body"),
    ]

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    slug = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=150)
    personal_of = models.OneToOneField(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="personal_organization"
    )
    kind = models.CharField(
        max_length=20,
        default="individual",
        choices=KINDS,
    )
    about = models.TextField(blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    members = models.ManyToManyField(User, through="Membership", related_name="organizations")

    objects = OrganizationQuerySet.as_manager()

    def __str__(self) -> str:
        return self.name

    @property
    def is_personal(self) -> bool:
        return self.personal_of_id is not None


class Membership(models.Model):
    OWNER, ADMIN, MEMBER = "owner", "admin", "member"
    ROLES: ClassVar[list[tuple[str, str]]] = [(OWNER, "owner"), (ADMIN, "admin"), (MEMBER, "member")]

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="memberships")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=10, choices=ROLES)
    joined_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "user"], name="membership_once"),
            models.CheckConstraint(condition=Q(role__in=["owner", "admin", "member"]), name="membership_role_known"),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.role}"


class Invitation(models.Model):
    """An unanswered invitation of an e-mail address, which may or may not have an account. Answering removes it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="invitations")
    email = models.EmailField(help_text="Lower case.")
    role = models.CharField(max_length=10, choices=Membership.ROLES)
    invited_by = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    mailed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "email"], name="invitation_once"),
            models.CheckConstraint(condition=Q(role__in=["owner", "admin", "member"]), name="invitation_role_known"),
        ]

    def __str__(self) -> str:
        return f"{self.organization} · {self.role}"


class ApiKey(models.Model):
    """`dck_live_<8-char id>_<43-char secret>_<crc32>`; only the hash of the secret is kept, shown once at creation."""

    id = models.CharField(primary_key=True, max_length=8, editable=False)
    owner = models.ForeignKey(User, on_delete=models.CASCADE, related_name="api_keys")
    name = models.CharField(max_length=60)
    secret_sha256 = models.CharField(max_length=64)
    scopes = models.JSONField(default=list)
    is_service = models.BooleanField(
        default=False, help_text="Used by a program without a person; counted against the service keys of licenses."
    )
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(expires_at__gt=models.F("created_at")), name="api_key_expires_later"),
            # Part of "only the hash is kept": a secret, which has 43 characters, does not fit here.
            models.CheckConstraint(condition=Exact(Length("secret_sha256"), 64), name="api_key_hash_only"),
        ]

    def __str__(self) -> str:
        return f"{self.name} (dck_live_{self.id}…)"

    @property
    def is_live(self) -> bool:
        """Not revoked, not expired, and its owner's account is open."""
        return self.revoked_at is None and self.expires_at > timezone.now() and self.owner.is_active
