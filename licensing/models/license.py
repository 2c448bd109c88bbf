"""The catalog of licenses: a template is a line of versions, a published version never changes."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from collective.core.ids import new_id
from collective.core.states import StatefulModel, StateTable
from licensing.domain.library import WARNINGS
from licensing.domain.plain import PlainWords, plain_words
from licensing.domain.states import LICENSE_STATES
from licensing.domain.terms import Terms, terms_view


class LicenseTemplate(models.Model):
    """Named by its SPDX id, or by a LicenseRef of ours."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    license_id = models.CharField(max_length=80, unique=True, help_text="SPDX id or LicenseRef.")
    name = models.CharField(max_length=150)
    summary = models.CharField(max_length=300)
    canonical_url = models.URLField(blank=True)

    def __str__(self) -> str:
        return self.name


class LicenseVersion(StatefulModel):
    """`text` holds the exact bytes that `text_sha256` covers. Once published, only the state may still change."""

    state_table: ClassVar[StateTable] = LICENSE_STATES

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    template = models.ForeignKey(LicenseTemplate, on_delete=models.PROTECT, related_name="versions")
    version = models.CharField(max_length=20)
    language = models.CharField(max_length=35, default="en", help_text="BCP 47 tag.")
    text = models.BinaryField()
    text_sha256 = models.CharField(max_length=64, unique=True)
    terms = models.JSONField()
    terms_sha256 = models.CharField(max_length=64)
    state = models.CharField(max_length=10, choices=LICENSE_STATES.choices, default=LICENSE_STATES.initial)
    created_at = models.DateTimeField(auto_now_add=True)
    published_at = models.DateTimeField(null=True)
    retired_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["template", "version", "language"], name="license_version_once"),
            models.CheckConstraint(
                condition=Q(state="draft") | Q(published_at__isnull=False), name="license_published_has_a_time"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.template} {self.version}"

    @property
    def license_id(self) -> str:
        return self.template.license_id

    @property
    def text_bytes(self) -> bytes:
        """The same on both databases: PostgreSQL hands out a memoryview."""
        return bytes(self.text)

    @property
    def readable_text(self) -> str:
        return self.text_bytes.decode()

    @property
    def paragraphs(self) -> list[str]:
        """The text for a screen of any width: the file's line breaks and the rule under its title are left out."""
        blocks = (block.strip().rstrip("=").strip() for block in self.readable_text.split("\n\n"))
        return [" ".join(block.split()) for block in blocks if block]

    @property
    def terms_view(self) -> Terms:
        return terms_view(self.license_id, self.terms)

    @property
    def plain_words(self) -> PlainWords:
        return plain_words(self.terms)

    @property
    def warning(self) -> str:
        """What a steward reads before choosing it; mostly nothing."""
        return WARNINGS.get(self.license_id, "")

    def variants(self) -> "models.QuerySet[LicenseVersion]":
        """The same text in every language it has, this one included. One is accepted, and its hash is in the grant."""
        same = LicenseVersion.objects.filter(template_id=self.template_id, version=self.version)
        return same.filter(terms_sha256=self.terms_sha256).exclude(state="draft")
