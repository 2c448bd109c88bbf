"""A dataset: a titled line of versions under one organization."""

from typing import ClassVar

from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q

from collective.accounts.models import Organization, User
from collective.catalog.domain.states import DATASET_STATES
from collective.core.ids import new_id
from collective.core.states import StatefulModel, StateTable


class DatasetQuerySet(models.QuerySet["Dataset"]):
    def public(self) -> "DatasetQuerySet":
        return self.filter(state__in=["listed", "quarantined"], visibility__in=["public", "restricted"])


class Dataset(StatefulModel):
    state_table: ClassVar[StateTable] = DATASET_STATES
    IN_ORDER: ClassVar = ("draft", "listed")
    PUBLIC_STATES: ClassVar = ("listed", "quarantined")
    PUBLIC: ClassVar = ("public", "restricted")
    MODALITIES: ClassVar = [("text", "text"), ("audio", "audio"), ("image", "image"), ("tabular", "table")]

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="datasets")
    slug = models.SlugField(max_length=80)
    title = models.CharField(max_length=200)
    summary = models.CharField(max_length=300, blank=True)
    card = models.TextField(blank=True, help_text="Markdown.")
    modality = models.CharField(max_length=10, choices=MODALITIES)
    task = models.CharField(max_length=80, blank=True, help_text="As on the Hugging Face Hub: text-classification, …")
    languages = models.JSONField(default=list, help_text="BCP 47 tags.")
    visibility = models.CharField(
        max_length=10,
        default="public",
        choices=[("public", "public"), ("restricted", "by request"), ("private", "private")],
    )
    state = models.CharField(max_length=12, choices=DATASET_STATES.choices, default=DATASET_STATES.initial)
    # Open: anybody signed in sees the draft and may contribute. Closed: members of the organization only.
    open_to_contributions = models.BooleanField(default=False)
    steward_bps = models.PositiveSmallIntegerField(default=1000, validators=[MaxValueValidator(10_000)])
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    objects = DatasetQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "slug"], name="dataset_slug_once"),
            models.CheckConstraint(condition=Q(steward_bps__lte=10_000), name="dataset_steward_at_most_all"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_public(self) -> bool:
        """Whether anybody at all sees it."""
        return self.state in self.PUBLIC_STATES and self.visibility in self.PUBLIC

    @property
    def is_in_order(self) -> bool:
        """Neither on hold nor withdrawn."""
        return self.state in self.IN_ORDER

    @property
    def repo_id(self) -> str:
        """`organization/dataset`, the name that every client uses. Needs the organization."""
        return f"{self.organization.slug}/{self.slug}"
