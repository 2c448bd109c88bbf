"""What withdrawals removed from a licensed version, and leaving because of it."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from collective.accounts.policies import check_signed_in
from licensing import services
from licensing.api.serializers import GrantOutput
from licensing.selectors import grant_for
from licensing.selectors.removal import removed_share


class RemovalOutput(serializers.Serializer[Any]):
    removed_records = serializers.IntegerField(source="removed")
    records = serializers.IntegerField(source="whole", help_text="Of the version that was licensed.")
    share = serializers.CharField(source="text", help_text="Rounded down.")
    threshold_bps = serializers.IntegerField(help_text="Of the license, in basis points.")
    may_leave = serializers.BooleanField(
        source="is_above", help_text="Above the threshold: end the license, or ask a refund at the order."
    )


class GrantRemoval(APIView):
    required_scope = "licenses:read"

    @extend_schema(responses=RemovalOutput)
    def get(self, request: Request, grant_id: UUID) -> Response:
        return Response(RemovalOutput(removed_share(grant_for(request.user, grant_id))).data)


class GrantEnd(APIView):
    """Ends a license of which withdrawals removed more than it bears. Repeating it changes nothing."""

    required_scope = "purchase"

    @extend_schema(request=None, responses=GrantOutput)
    def post(self, request: Request, grant_id: UUID) -> Response:
        actor = check_signed_in(request.user)
        services.end_after_removal(actor=actor, grant_id=grant_id)
        return Response(GrantOutput(grant_for(actor, grant_id)).data)
