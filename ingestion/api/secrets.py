"""The steward's word on keys and passwords that a check found."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from collective.accounts.policies import check_signed_in
from ingestion import services
from ingestion.models import SecretsAcknowledgement
from ingestion.services.secrets import MOST_NOTE


class AcknowledgeSecretsInput(serializers.Serializer[Any]):
    note = serializers.CharField(max_length=MOST_NOTE, help_text="Why what was found may be published.")


class SecretsAcknowledgementOutput(serializers.ModelSerializer[SecretsAcknowledgement]):
    class Meta:
        model = SecretsAcknowledgement
        fields = ("report", "at", "note")


class ContributionSecrets(APIView):
    """Without it, no version with the contribution is published. A key never publishes: sessions only."""

    @extend_schema(request=AcknowledgeSecretsInput, responses=SecretsAcknowledgementOutput)
    def post(self, request: Request, contribution_id: UUID) -> Response:
        given = AcknowledgeSecretsInput(data=request.data)
        given.is_valid(raise_exception=True)
        said = services.acknowledge_secrets(
            actor=check_signed_in(request.user), contribution_id=contribution_id, note=given.validated_data["note"]
        )
        return Response(SecretsAcknowledgementOutput(said).data)
