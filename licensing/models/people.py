"""The people in the material, under pseudonyms. Who they are lies sealed in a table of its own."""

from datetime import date
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone

from collective.accounts.models import Organization, User
from collective.catalog.models import Contribution
from collective.core.ids import new_id
from licensing.domain.majority import of_age_on
from licensing.models.sealing import birth_in

ROLES = [("speaker", "speaks"), ("author", "wrote or made it"), ("depicted", "is shown")]


class Person(models.Model):
    """Somebody who must consent. Without `provider` it is the account's own; else one whom a provider recorded.

    `reference_mac` is a keyed hash of the provider's own name for the person. `birth_sealed` is kept for minors only.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    account = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="persons")
    provider = models.ForeignKey(Organization, on_delete=models.PROTECT, null=True, related_name="+")
    reference_mac = models.CharField(max_length=64, blank=True)
    country = models.CharField(max_length=2, blank=True, help_text="Whose age of majority counts.")
    birth_sealed = models.TextField(blank=True)
    of_age_at = models.DateTimeField(null=True, help_text="When it was noticed that a minor came of age.")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account"], condition=Q(provider=None), name="person_own_once"),
            models.UniqueConstraint(
                fields=["provider", "reference_mac"], condition=Q(provider__isnull=False), name="person_reference_once"
            ),
            models.CheckConstraint(
                condition=Q(provider=None, account__isnull=False, reference_mac="")
                | (Q(provider__isnull=False) & ~Q(reference_mac="")),
                name="person_is_somebodys",
            ),
        ]

    def __str__(self) -> str:
        return self.urn

    @property
    def urn(self) -> str:
        return f"urn:dc:person:{self.pk}"

    @property
    def of_age_since(self) -> date | None:
        """The day on which they are of age, past or to come, of whom it was ever a question."""
        if self.birth_sealed:
            return of_age_on(birth_in(self.birth_sealed), self.country)
        return timezone.localtime(self.of_age_at).date() if self.of_age_at else None

    @property
    def is_of_age(self) -> bool:
        """Known to be so."""
        since = self.of_age_since
        return since is not None and since <= timezone.localdate()

    @property
    def is_minor(self) -> bool:
        """Known to be so."""
        since = self.of_age_since
        return since is not None and timezone.localdate() < since


class PersonIdentity(models.Model):
    """Name and contact as sealed JSON. The one table that may be corrected and erased on request."""

    person = models.OneToOneField(Person, on_delete=models.CASCADE, primary_key=True, related_name="identity")
    sealed = models.TextField()
    changed_at = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return str(self.person_id)


class RecordSubject(models.Model):
    """A person in a contribution: in all of its records, or in those that `records` lists. Append-only."""

    ROLES: ClassVar = ROLES

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    contribution = models.ForeignKey(Contribution, on_delete=models.PROTECT, related_name="subjects")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="subjects")
    role = models.CharField(max_length=10, choices=ROLES)
    is_whole = models.BooleanField()
    record_count = models.PositiveIntegerField(null=True, help_text="Empty: all of them.")

    class Meta:
        indexes = [models.Index(fields=["contribution", "person"], name="subject_of_contribution")]
        constraints = [
            models.UniqueConstraint(
                fields=["contribution", "person", "role"], condition=Q(is_whole=True), name="subject_whole_once"
            ),
            models.CheckConstraint(
                condition=Q(is_whole=True, record_count=None) | Q(is_whole=False, record_count__gt=0),
                name="subject_counts_its_records",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.role} {self.person_id}"


class SubjectRecord(models.Model):
    """One of the records of a subject that is not in all of them."""

    subject = models.ForeignKey(RecordSubject, on_delete=models.PROTECT, related_name="records")
    record_id = models.CharField(max_length=32)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["subject", "record_id"], name="subject_record_once")]

    def __str__(self) -> str:
        return self.record_id
