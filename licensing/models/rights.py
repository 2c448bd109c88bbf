"""Where material comes from, what its people were told and answered, and who vouches for it. All append-only."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from collective.catalog.models import Contribution
from collective.core.ids import new_id

SOURCE_KINDS = [
    ("primary", "I recorded, wrote or photographed it, or asked people to"),
    ("user-generated", "People made it while using a service of mine"),
    ("client", "A customer or partner gave it to me"),
    ("feed", "It comes from a feed or a subscription"),
    ("syndication", "A publisher passed it on to me"),
    ("api", "I fetched it through an interface made for that (API)"),
    ("data-mining", "I derived it from other data"),
    ("scraping", "I collected it from websites"),
    ("social-media", "I collected it from social media"),
    ("sensor", "Sensors or devices recorded it"),
    ("machine-generated", "A machine or a model generated it"),
    ("other", "Something else"),
]
RIGHTS_ROLES = [
    ("rightsholder", "I made it or own the rights"),
    ("representative", "I act for those who own the rights"),
    ("intermediary", "I have it under a license from somebody else"),
]
PEOPLE = [
    ("self", "Only me"),
    ("agreed", "Other people, who agreed in writing"),
    ("nobody", "Nobody can be recognized"),
]


class ProvenanceSource(models.Model):
    """The last row of a contribution counts; the ones before show what was said earlier."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    contribution = models.ForeignKey(Contribution, on_delete=models.PROTECT, related_name="sources")
    kind = models.CharField(max_length=20, choices=SOURCE_KINDS)
    description = models.TextField()
    url = models.URLField(max_length=500, blank=True)
    collected_from = models.DateField(null=True)
    collected_to = models.DateField(null=True)
    country = models.CharField(max_length=2, blank=True, help_text="ISO 3166-1, two letters.")
    license_id = models.CharField(max_length=80, help_text="SPDX id of the material's license.")
    authors = models.JSONField(null=True, help_text="Names to credit, in their order. Empty: nobody is named.")
    rights_role = models.CharField(max_length=20, choices=RIGHTS_ROLES)
    declared_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    declared_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(collected_from=None)
                | Q(collected_to=None)
                | Q(collected_to__gte=models.F("collected_from")),
                name="source_collected_in_order",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} · {self.license_id}"


class ConsentNotice(models.Model):
    """What people are told before they answer. A new wording is a new version, never a change."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    version = models.PositiveIntegerField()
    language = models.CharField(max_length=35, default="en")
    text = models.TextField()
    text_sha256 = models.CharField(max_length=64, unique=True)
    published_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["version", "language"], name="notice_version_once")]

    def __str__(self) -> str:
        return f"notice {self.version} ({self.language})"


class ConsentEvent(models.Model):
    """One answer, or its withdrawal. `answers`: action → given or refused. The state is `domain.consent.fold`."""

    KINDS: ClassVar = [
        (kind, kind) for kind in ("requested", "given", "refused", "withdrawn", "expired", "renewed", "invalidated")
    ]

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    contribution = models.ForeignKey(Contribution, on_delete=models.PROTECT, related_name="consent_events")
    kind = models.CharField(max_length=12, choices=KINDS)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    notice = models.ForeignKey(ConsentNotice, on_delete=models.PROTECT, null=True, related_name="+")
    answers = models.JSONField(default=dict)
    limits = models.JSONField(default=dict)
    people = models.CharField(max_length=10, choices=PEOPLE, blank=True)
    basis = models.CharField(max_length=20, default="consent_6_1_a")
    reason = models.TextField(blank=True)
    record_count = models.PositiveIntegerField(null=True, help_text="Empty: it is about the whole contribution.")
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["contribution", "at", "id"], name="consent_in_order")]
        constraints = [
            models.CheckConstraint(
                condition=~Q(kind__in=["given", "renewed"]) | Q(notice__isnull=False), name="consent_given_to_a_notice"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.at:%Y-%m-%d}"


class ConsentEventRecord(models.Model):
    """A record that an event about single records speaks of."""

    event = models.ForeignKey(ConsentEvent, on_delete=models.PROTECT, related_name="records")
    record_id = models.CharField(max_length=32)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["event", "record_id"], name="consent_record_once")]

    def __str__(self) -> str:
        return self.record_id


class AttestationStatement(models.Model):
    """The words that are signed, versioned like a notice."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    version = models.PositiveIntegerField()
    language = models.CharField(max_length=35, default="en")
    text = models.TextField()
    text_sha256 = models.CharField(max_length=64, unique=True)
    published_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["version", "language"], name="statement_version_once")]

    def __str__(self) -> str:
        return f"statement {self.version} ({self.language})"


class Attestation(models.Model):
    """A named person signed a statement for one source."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    contribution = models.ForeignKey(Contribution, on_delete=models.PROTECT, related_name="attestations")
    source = models.OneToOneField(ProvenanceSource, on_delete=models.PROTECT, related_name="attestation")
    statement = models.ForeignKey(AttestationStatement, on_delete=models.PROTECT, related_name="+")
    signer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    signer_name = models.CharField(max_length=150)
    rights_role = models.CharField(max_length=20, choices=RIGHTS_ROLES)
    signed_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.signer_name} {self.signed_at:%Y-%m-%d}"
