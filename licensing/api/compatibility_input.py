"""What is asked of compatibility."""

from typing import Any

from django.utils import timezone
from rest_framework import serializers

from collective.core.api import StrictSerializer
from licensing.domain.actions import ACTION_CODES
from licensing.domain.training import Job
from licensing.domain.vocabulary import FIELDS, LICENSEE_TYPES, PURPOSES, TERRITORIES
from licensing.services.compatibility import MOST_SOURCES

FLOP_DIGITS = 41
SOURCE_HELP = (
    'License ids ("CC-BY-4.0") and datasets ("organization/name", or "organization/name@" and a license or an offer).'
)


def sources_field() -> serializers.ListField:
    text = serializers.CharField(max_length=300)
    return serializers.ListField(child=text, min_length=1, max_length=MOST_SOURCES, help_text=SOURCE_HELP)


class MergeInput(StrictSerializer):
    sources = sources_field()
    target = serializers.CharField(max_length=80, required=False, default="", help_text="A license id.")


class JobInput(StrictSerializer):
    action = serializers.ChoiceField(choices=ACTION_CODES)
    commercial = serializers.BooleanField()
    territory = serializers.ListField(child=serializers.ChoiceField(choices=sorted(TERRITORIES)), min_length=1)
    licensee_type = serializers.ChoiceField(choices=list(LICENSEE_TYPES))
    purpose = serializers.ChoiceField(choices=list(PURPOSES), required=False, allow_blank=True, default="")
    field = serializers.ChoiceField(choices=list(FIELDS), required=False, allow_blank=True, default="")
    release = serializers.ChoiceField(choices=["none", "api", "weights", "data"], default="none")
    at = serializers.DateTimeField(required=False, help_text="Now, if it is left out.")
    seats = serializers.IntegerField(min_value=1, max_value=10**9, default=1)
    flop = serializers.RegexField(
        rf"^[0-9]{{1,{FLOP_DIGITS}}}$", default="0", help_text="Digits in a string: large numbers are no JSON numbers."
    )


class TrainInput(StrictSerializer):
    sources = sources_field()
    job = JobInput()

    def as_job(self) -> Job:
        """Precondition: `is_valid`."""
        given: dict[str, Any] = dict(self.validated_data["job"])
        at = given.pop("at", None) or timezone.now()
        return Job(
            **{**given, "at": at, "territory": tuple(given["territory"]), "flop": int(given["flop"])},
        )
