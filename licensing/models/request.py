"""Asking for access to a restricted dataset: the questions, the rules, the request, its conversation and its files."""

from datetime import datetime
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from collective.accounts.models import Organization
from collective.catalog.models import Dataset
from collective.core.ids import new_id
from collective.core.states import StatefulModel, StateTable
from licensing.domain.access_rules import Condition, Rule, conditions_from
from licensing.domain.questions import Question, questions_from
from licensing.domain.states import ACCESS_STATES

UNDECIDED = ["open", "needs_information"]


class AccessQuestionSet(models.Model):
    """Append-only: changed questions are a new number, and a request keeps the set that it answered."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    dataset = models.ForeignKey(Dataset, on_delete=models.PROTECT, related_name="access_question_sets")
    number = models.PositiveIntegerField()
    questions = models.JSONField()
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    published_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["dataset", "number"], name="access_questions_once")]

    def __str__(self) -> str:
        return f"{self.dataset} questions {self.number}"

    @property
    def rows(self) -> list[Question]:
        return questions_from(self.questions)


class AccessRule(models.Model):
    """Never changed, only ended: a decision that names it can be explained for ever."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    dataset = models.ForeignKey(Dataset, on_delete=models.PROTECT, related_name="access_rules")
    name = models.CharField(max_length=150)
    conditions = models.JSONField()
    days = models.PositiveIntegerField(null=True, help_text="How long an approval holds. Empty: without an end.")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.name

    @property
    def condition_rows(self) -> tuple[Condition, ...]:
        return conditions_from(self.conditions)

    @property
    def as_rule(self) -> Rule:
        return Rule(str(self.pk), self.condition_rows)


class AccessRequest(StatefulModel):
    """Who wants it, for what, and what was decided. `offers` are ids: those asked for, and those allowed; none is all.

    What was asked never changes; what is added later stands in the events.
    """

    state_table: ClassVar[StateTable] = ACCESS_STATES

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    dataset = models.ForeignKey(Dataset, on_delete=models.PROTECT, related_name="access_requests")
    licensee = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="access_requests")
    requester = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    purpose = models.TextField()
    actions = models.JSONField(default=list)
    offers = models.JSONField(default=list)
    question_set = models.ForeignKey(AccessQuestionSet, on_delete=models.PROTECT, null=True, related_name="requests")
    answers = models.JSONField(default=dict)
    earlier = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="later")
    state = models.CharField(max_length=20, choices=ACCESS_STATES.choices, default=ACCESS_STATES.initial)
    asked_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    rule = models.ForeignKey(AccessRule, on_delete=models.PROTECT, null=True, related_name="decisions")
    reason = models.TextField(blank=True)
    allowed_offers = models.JSONField(default=list)
    expires_at = models.DateTimeField(null=True, help_text="Of an approval. Empty: without an end.")
    stewards_reminded_at = models.DateTimeField(null=True)
    requester_reminded_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["dataset", "licensee"], condition=Q(state__in=UNDECIDED), name="access_one_open_request"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["approved", "declined", "expired", "ended"]) | Q(decided_at__isnull=False),
                name="access_decision_has_a_time",
            ),
            models.CheckConstraint(
                condition=Q(expires_at=None) | Q(expires_at__gt=F("decided_at")), name="access_expires_later"
            ),
        ]
        indexes = [models.Index(fields=["dataset", "state", "-asked_at"], name="access_inbox")]

    def __str__(self) -> str:
        return f"{self.licensee} · {self.dataset}"

    def is_good_at(self, at: datetime) -> bool:
        return self.state == "approved" and (self.expires_at is None or at < self.expires_at)


class AccessRequestEvent(models.Model):
    """Append-only: the conversation. `actor` is empty for a rule, a reminder and the end of a time."""

    KINDS: ClassVar = [
        (kind, kind)
        for kind in (
            *("asked", "information_asked", "answered", "approved", "declined"),
            *("withdrawn", "expired", "ended", "reminded", "expires_soon"),
        )
    ]

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    request = models.ForeignKey(AccessRequest, on_delete=models.PROTECT, related_name="events")
    kind = models.CharField(max_length=20, choices=KINDS)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    text = models.TextField(blank=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.kind} {self.at:%Y-%m-%d}"


class AccessFile(models.Model):
    """Evidence, kept sealed in the store that has no downloads: each reading of it asks who reads.

    `storage_key` is empty for files that were kept elsewhere before. From `deleted_at` on only the hash is left.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    dataset = models.ForeignKey(Dataset, on_delete=models.PROTECT, related_name="+")
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=150)
    media_type = models.CharField(max_length=30)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    storage_key = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()
    deleted_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.name

    @property
    def is_attached(self) -> bool:
        return AccessRequestFile.objects.filter(file=self).exists()


class AccessRequestFile(models.Model):
    """A file belongs to one request; `question` is empty when it came with an answer to the steward."""

    request = models.ForeignKey(AccessRequest, on_delete=models.PROTECT, related_name="files")
    file = models.OneToOneField(AccessFile, on_delete=models.PROTECT, related_name="used")
    question = models.CharField(max_length=30, blank=True)

    def __str__(self) -> str:
        return str(self.file)
