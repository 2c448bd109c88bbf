"""Where material comes from, what its people were told and answered, and who vouches for it. All append-only."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from collective.catalog.models import Contribution, Dataset
from collective.core.ids import new_id
from licensing.domain.actions import ACTION_CODES, PURPOSE_CODES
from licensing.models.evidence import Evidence
from licensing.models.people import Person, RecordSubject

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
BASES = [
    ("consent_6_1_a", "consent (GDPR Article 6(1)(a))"),
    ("contract_6_1_b", "a contract with the person (Article 6(1)(b))"),
    ("interest_6_1_f", "legitimate interest, with an assessment (Article 6(1)(f))"),
    ("no_personal_data", "no personal data"),
]
SPECIAL_CATEGORIES = [
    ("biometric", "voice or face, used to identify a person"),
    ("health", "health"),
    ("origin", "racial or ethnic origin"),
    ("belief", "political opinion, religion or belief"),
    ("union", "membership of a trade union"),
    ("sexuality", "sex life or sexual orientation"),
    ("genetic", "genetic data"),
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
    """What people are told before they answer. A new wording is a new version, never a change.

    With `dataset` it is the stewards' own for what is given to that dataset; without, the instance's for all others.
    `purposes` are the codes that it asks about (empty: every action). Languages of one version say the same.
    `grace_days`: how long licenses run on when somebody who came of age does not answer.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    dataset = models.ForeignKey(Dataset, on_delete=models.PROTECT, null=True, related_name="consent_notices")
    version = models.PositiveIntegerField()
    language = models.CharField(max_length=35, default="en")
    text = models.TextField()
    text_sha256 = models.CharField(max_length=64, db_index=True)
    purposes = models.JSONField(default=list)
    grace_days = models.PositiveIntegerField(default=30)
    published_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["version", "language"], condition=Q(dataset=None), name="notice_version_once"
            ),
            models.UniqueConstraint(
                fields=["dataset", "version", "language"],
                condition=Q(dataset__isnull=False),
                name="notice_version_once_per_dataset",
            ),
            models.UniqueConstraint(fields=["text_sha256"], condition=Q(dataset=None), name="notice_text_once"),
            models.UniqueConstraint(
                fields=["dataset", "text_sha256"],
                condition=Q(dataset__isnull=False),
                name="notice_text_once_per_dataset",
            ),
        ]

    def __str__(self) -> str:
        return f"notice {self.version} ({self.language})"

    @property
    def asked(self) -> tuple[str, ...]:
        """The codes that it asks about, in the order in which people read them."""
        return tuple(code for code in PURPOSE_CODES if code in self.purposes) or ACTION_CODES


class ConsentEvent(models.Model):
    """One answer, or its withdrawal. `answers`: code → given or refused; a code that is missing was not asked: a no.

    It is about the person in the whole contribution; with `subject`, in the records of that subject; with
    `record_count`, in its `records` alone. The state is `domain.consent.fold`.
    """

    KINDS: ClassVar = [
        (kind, kind) for kind in ("requested", "given", "refused", "withdrawn", "expired", "renewed", "invalidated")
    ]

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    contribution = models.ForeignKey(Contribution, on_delete=models.PROTECT, related_name="consent_events")
    kind = models.CharField(max_length=12, choices=KINDS)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="consent_events")
    subject = models.ForeignKey(RecordSubject, on_delete=models.PROTECT, null=True, related_name="consent_events")
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    guardian = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    evidence = models.ForeignKey(Evidence, on_delete=models.PROTECT, null=True, related_name="+")
    notice = models.ForeignKey(ConsentNotice, on_delete=models.PROTECT, null=True, related_name="+")
    answers = models.JSONField(default=dict)
    limits = models.JSONField(default=dict)
    people = models.CharField(max_length=10, choices=PEOPLE, blank=True)
    basis = models.CharField(max_length=20, choices=BASES, default="consent_6_1_a")
    assessment = models.TextField(blank=True, help_text="Why the interest is legitimate.")
    special_category = models.CharField(max_length=20, choices=SPECIAL_CATEGORIES, blank=True)
    given_on = models.DateField(null=True, help_text="When the person answered, if that was not here.")
    reason = models.TextField(blank=True)
    record_count = models.PositiveIntegerField(null=True, help_text="Empty: it is about the whole contribution.")
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["contribution", "at", "id"], name="consent_in_order")]
        constraints = [
            models.CheckConstraint(
                condition=~Q(kind__in=["given", "renewed"]) | Q(notice__isnull=False), name="consent_given_to_a_notice"
            ),
            models.CheckConstraint(
                condition=Q(special_category="") | Q(basis="consent_6_1_a"), name="consent_special_is_explicit"
            ),
            models.CheckConstraint(
                condition=~Q(basis="interest_6_1_f") | ~Q(assessment=""), name="consent_interest_is_assessed"
            ),
            models.CheckConstraint(
                condition=Q(guardian=None) | Q(evidence__isnull=False), name="consent_guardian_has_evidence"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.at:%Y-%m-%d}"

    @property
    def is_guarded(self) -> bool:
        return self.guardian_id is not None

    @property
    def assurance(self) -> str:
        """A: proof held here. B: proof held by the provider, known by its hash. C: the provider says so."""
        if self.evidence is not None:
            return "A" if self.evidence.is_held else "B"
        answered_here = self.actor_id is not None and self.person.account_id == self.actor_id
        return "A" if answered_here and self.people in {"", "self"} else "C"


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
