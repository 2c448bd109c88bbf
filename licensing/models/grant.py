"""The concluded license: what was agreed, the signed grant, and what happened to it."""

from datetime import datetime
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from collective.accounts.models import Organization
from collective.catalog.models import Dataset, DatasetVersion
from collective.core.ids import new_id
from collective.core.states import StatefulModel, StateTable
from licensing.domain import ranges, status_list
from licensing.domain.deletion import period
from licensing.domain.states import GRANT_STATES
from licensing.models.key import SigningKey
from licensing.models.license import LicenseTemplate, LicenseVersion
from licensing.models.offer import Offer


class Agreement(models.Model):
    """Append-only: exactly what was accepted, by whom, when and how. `agreement_sha256` hashes `snapshot`."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    # The order lives above us, in payments: its id is kept, without a foreign key.
    order_id = models.UUIDField(unique=True)
    offer = models.ForeignKey(Offer, on_delete=models.PROTECT, related_name="agreements")
    version = models.ForeignKey(DatasetVersion, on_delete=models.PROTECT, related_name="+")
    licensee = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="agreements")
    accepted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    accepted_at = models.DateTimeField()
    snapshot = models.JSONField()
    agreement_sha256 = models.CharField(max_length=64)
    concluded_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.licensee} · {self.offer}"


class AgreementEvidence(models.Model):
    """The address behind an acceptance, restricted and deleted on schedule; the grant carries only a salted hash."""

    agreement = models.OneToOneField(Agreement, on_delete=models.CASCADE, primary_key=True, related_name="evidence")
    ip = models.GenericIPAddressField(null=True)
    user_agent = models.CharField(max_length=300, blank=True)
    salt = models.CharField(max_length=64)

    def __str__(self) -> str:
        return f"evidence of {self.agreement_id}"


class LicenseGrant(StatefulModel):
    """`id` is the `jti` of the signed token in `jws`; a new signature (re-pinned after a withdrawal) keeps it."""

    state_table: ClassVar[StateTable] = GRANT_STATES

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    agreement = models.OneToOneField(Agreement, on_delete=models.PROTECT, related_name="grant")
    order_id = models.UUIDField(unique=True)
    dataset = models.ForeignKey(Dataset, on_delete=models.PROTECT, related_name="grants")
    licensee = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="grants")
    license = models.ForeignKey(LicenseTemplate, on_delete=models.PROTECT, related_name="grants")
    license_version = models.ForeignKey(LicenseVersion, on_delete=models.PROTECT, related_name="grants")
    offer = models.ForeignKey(Offer, on_delete=models.PROTECT, related_name="grants")
    state = models.CharField(max_length=10, choices=GRANT_STATES.choices, default=GRANT_STATES.initial)
    version_range = models.CharField(max_length=30, help_text="As in ^1.0.")
    pinned_version = models.ForeignKey(DatasetVersion, on_delete=models.PROTECT, related_name="pinned_grants")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True, help_text="Empty: without an end.")
    status_index = models.PositiveIntegerField(unique=True)
    signing_key = models.ForeignKey(SigningKey, on_delete=models.PROTECT, related_name="grants")
    jws = models.TextField()
    issued_at = models.DateTimeField()
    # The offer's: one license for two scopes is two things that a licensee may hold.
    scope_sha256 = models.CharField(max_length=64, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["dataset", "licensee", "license", "scope_sha256"],
                condition=Q(state__in=["active", "suspended"]),
                name="grant_one_current_per_licensee",
            ),
            models.CheckConstraint(
                condition=Q(ends_at=None) | Q(ends_at__gt=models.F("starts_at")), name="grant_ends_after_start"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.licensee} · {self.license}"

    @property
    def urn(self) -> str:
        return f"urn:uuid:{self.id}"

    @property
    def status_list(self) -> int:
        """The number of the list that holds this grant's bit, from 1."""
        return self.status_index // status_list.SIZE + 1

    @property
    def status_bit(self) -> int:
        return self.status_index % status_list.SIZE

    def is_over(self, at: datetime) -> bool:
        return self.state == "expired" or (self.ends_at is not None and at >= self.ends_at)

    def is_over_at(self, at: datetime) -> bool:
        """Was its time over at that moment? Unlike `is_over`, says nothing of the state that it has today."""
        return self.ends_at is not None and at >= self.ends_at

    @property
    def is_subscription(self) -> bool:
        return (self.offer.terms.get("price") or {}).get("model") == "subscription"

    @property
    def copies_due(self) -> datetime | None:
        """When copies must be gone after the end; None without an end, or if the terms ask for no deletion."""
        within = (self.offer.terms["time"]["on_end"] or {}).get("delete_copies_by")
        return self.ends_at + period(within) if self.ends_at and within else None

    def covers(self, version: DatasetVersion) -> bool:
        """By number only; whether the version may be served at all is decided elsewhere."""
        return version.dataset_id == self.dataset_id and ranges.covers(self.version_range, version.number)


class GrantStatusEvent(models.Model):
    """Append-only. `version` is what the grant is pinned to from here on."""

    KINDS: ClassVar = [
        (kind, kind)
        for kind in ("issued", "repinned", "suspended", "reinstated", "revoked", "expired", "reissued", "flagged")
    ]

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    grant = models.ForeignKey(LicenseGrant, on_delete=models.PROTECT, related_name="status_events")
    kind = models.CharField(max_length=12, choices=KINDS)
    reason = models.TextField(blank=True)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    version = models.ForeignKey(DatasetVersion, on_delete=models.PROTECT, related_name="+")
    jws_sha256 = models.CharField(max_length=64)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.kind} {self.at:%Y-%m-%d}"
