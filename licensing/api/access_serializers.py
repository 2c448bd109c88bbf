"""What is read and written as JSON about requests for access."""

from collections.abc import Sequence
from typing import Any

from rest_framework import serializers

from collective.core.api import StrictSerializer
from licensing.domain.access_rules import FIELDS
from licensing.domain.access_words import rule_words
from licensing.domain.actions import ACTION_CODES
from licensing.domain.questions import KINDS, QUESTIONS_MAX, WORDING_MAX
from licensing.models import AccessFile, AccessQuestionSet, AccessRequest, AccessRequestEvent, AccessRule
from licensing.services.access import PURPOSE_MAX, TEXT_MAX
from licensing.services.access_setup import RULE_DAYS_MAX


class AccessQuestionInput(StrictSerializer):
    code = serializers.RegexField(
        r"^[a-z0-9_]{1,30}$", required=False, help_text="Keeps its meaning in later versions."
    )
    kind = serializers.ChoiceField(choices=list(KINDS.items()))
    text = serializers.CharField(max_length=WORDING_MAX)
    required = serializers.BooleanField(default=True)  # type: ignore[assignment]  # a field here, an option in the base
    options = serializers.ListField(child=serializers.CharField(max_length=WORDING_MAX), required=False, default=list)


class AccessQuestionsInput(StrictSerializer):
    questions: Any = serializers.ListSerializer(child=AccessQuestionInput(), max_length=QUESTIONS_MAX)


class AccessQuestionSetOutput(serializers.ModelSerializer[AccessQuestionSet]):
    class Meta:
        model = AccessQuestionSet
        fields = ("id", "number", "questions", "published_at")


class AccessConditionInput(StrictSerializer):
    field = serializers.ChoiceField(choices=FIELDS)
    any_of = serializers.ListField(child=serializers.CharField(max_length=500), min_length=1, max_length=50)
    question = serializers.CharField(max_length=30, required=False, default="", allow_blank=True)


class AccessRuleInput(StrictSerializer):
    name = serializers.CharField(max_length=150)
    conditions = AccessConditionInput(many=True)
    days = serializers.IntegerField(min_value=1, max_value=RULE_DAYS_MAX, required=False, allow_null=True, default=None)


class AccessRuleOutput(serializers.ModelSerializer[AccessRule]):
    words = serializers.SerializerMethodField(help_text="The conditions as sentences; all must hold.")

    class Meta:
        model = AccessRule
        fields = ("id", "name", "conditions", "words", "days", "created_at", "ended_at")

    def get_words(self, row: AccessRule) -> list[str]:
        return rule_words(row.condition_rows)


class AccessAskedInput(StrictSerializer):
    """`answers` by question code: a text, one of the options, `yes` or `no`, or the id of a file sent before."""

    licensee_id = serializers.UUIDField(required=False, help_text="Your personal organization when left out.")
    purpose = serializers.CharField(max_length=PURPOSE_MAX)
    actions = serializers.ListField(
        child=serializers.ChoiceField(choices=ACTION_CODES), required=False, default=list, max_length=len(ACTION_CODES)
    )
    offers = serializers.ListField(child=serializers.UUIDField(), required=False, default=list, max_length=100)
    question_set = serializers.UUIDField(required=False, allow_null=True, default=None)
    answers = serializers.DictField(
        child=serializers.CharField(allow_blank=True, max_length=TEXT_MAX), required=False, default=dict
    )


class AccessTextInput(StrictSerializer):
    text = serializers.CharField(max_length=TEXT_MAX)


class AccessAnswerInput(AccessTextInput):
    files = serializers.ListField(child=serializers.UUIDField(), required=False, default=list, max_length=20)


class AccessDecisionInput(StrictSerializer):
    """`offers` limits an approval to these; none named allows any offer of the dataset."""

    decision = serializers.ChoiceField(choices=["approve", "decline"])
    reason = serializers.CharField(max_length=TEXT_MAX)
    expires_at = serializers.DateTimeField(required=False, allow_null=True, default=None)
    offers = serializers.ListField(child=serializers.UUIDField(), required=False, default=list, max_length=100)


class AccessFileOutput(serializers.ModelSerializer[AccessFile]):
    class Meta:
        model = AccessFile
        fields = ("id", "name", "media_type", "size", "sha256", "at")


class AccessEventOutput(serializers.ModelSerializer[AccessRequestEvent]):
    by = serializers.SerializerMethodField(help_text="Empty: a rule, a reminder, or time itself.")

    class Meta:
        model = AccessRequestEvent
        fields = ("kind", "by", "text", "at")

    def get_by(self, row: AccessRequestEvent) -> str:
        return str(row.actor) if row.actor else ""


class AccessRequestOutput(serializers.ModelSerializer[AccessRequest]):
    dataset = serializers.CharField(source="dataset.repo_id")
    licensee = serializers.CharField(source="licensee.slug")
    licensee_kind = serializers.CharField(source="licensee.kind")
    requester = serializers.CharField(source="requester.name")

    class Meta:
        model = AccessRequest
        fields: Sequence[str] = (
            *("id", "dataset", "licensee", "licensee_kind", "requester", "state", "purpose", "actions", "offers"),
            *("question_set", "answers", "earlier", "asked_at", "decided_at", "rule", "reason", "allowed_offers"),
            "expires_at",
        )


class AccessRequestDetail(AccessRequestOutput):
    questions = serializers.SerializerMethodField()
    files = serializers.SerializerMethodField()
    events = serializers.SerializerMethodField()

    class Meta(AccessRequestOutput.Meta):
        fields = [*AccessRequestOutput.Meta.fields, "questions", "files", "events"]

    def get_questions(self, row: AccessRequest) -> list[dict[str, Any]]:
        return list(row.question_set.questions) if row.question_set else []

    def get_files(self, row: AccessRequest) -> list[dict[str, Any]]:
        attached = row.files.select_related("file").order_by("id")
        return [{**AccessFileOutput(each.file).data, "question": each.question} for each in attached]

    def get_events(self, row: AccessRequest) -> Any:
        return AccessEventOutput(row.events.select_related("actor").order_by("at", "id"), many=True).data
