"""Answers and claims as JSON."""

from rest_framework import serializers

from collective.core.api import StrictSerializer
from licensing.api.serializers import WithdrawalInput
from licensing.models.evidence import EVIDENCE_KINDS
from licensing.services import Answers
from licensing.services.consent_notices import TEXT_MAX


class AnswersInput(StrictSerializer):
    notice_sha256 = serializers.CharField(max_length=64, help_text="Of the notice that was shown.")
    uses = serializers.DictField(child=serializers.BooleanField(), help_text="Code → yes or no.")
    commercial = serializers.BooleanField(default=False)
    exclusive = serializers.BooleanField(default=False)
    territory = serializers.ListField(child=serializers.CharField(max_length=5), default=["*"], max_length=300)

    def answers(self) -> Answers:
        """Precondition: `is_valid`."""
        given = dict(self.validated_data)
        return Answers(uses=given.pop("uses"), territory=tuple(given.pop("territory")), **given)


class ConsentTableInput(StrictSerializer):
    table = serializers.FileField(help_text="CSV, one row per person, role and set of records.")
    evidence = serializers.ListField(
        child=serializers.FileField(allow_empty_file=True),
        default=[],
        max_length=90,
        help_text="The files that the table names, one by one or in a ZIP.",
    )


class ProofInput(StrictSerializer):
    file = serializers.FileField(help_text="A PDF, a picture or a recording.")
    kind = serializers.ChoiceField(EVIDENCE_KINDS)


class NoticeInput(StrictSerializer):
    text = serializers.CharField(max_length=TEXT_MAX, trim_whitespace=False, help_text="Markdown.")
    language = serializers.CharField(max_length=35, default="en", help_text="BCP 47.")
    version = serializers.IntegerField(
        min_value=1, default=None, allow_null=True, help_text="Of which version this is another language."
    )
    purposes = serializers.ListField(
        child=serializers.CharField(max_length=30), default=[], max_length=40, help_text="None: every action."
    )
    grace_days = serializers.IntegerField(default=30, help_text="For those who come of age and do not answer.")


class WardWithdrawalInput(WithdrawalInput):
    record_ids = serializers.ListField(
        child=serializers.RegexField(r"^[0-9a-fA-F]{32}$"),
        allow_empty=False,
        max_length=10_000,
        default=None,
        allow_null=True,
        help_text="Without it, all of them.",
    )


class ClaimInput(StrictSerializer):
    claim = serializers.CharField(max_length=200)
