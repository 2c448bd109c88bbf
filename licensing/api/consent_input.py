"""Answers and claims as JSON."""

from rest_framework import serializers

from collective.core.api import StrictSerializer
from licensing.services import Answers


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
    evidence = serializers.FileField(required=False, help_text="ZIP of the files that the table names.")


class ClaimInput(StrictSerializer):
    claim = serializers.CharField(max_length=200)
