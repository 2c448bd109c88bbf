"""Stopping a license, for those who answer for the dataset or for the site."""

from collections.abc import Callable
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from collective.accounts.web.people import person
from collective.core.api import StrictSerializer
from licensing import services
from licensing.models import LicenseGrant


class ReasonInput(StrictSerializer):
    reason = serializers.CharField(max_length=2000, help_text="The license's holder reads it.")


class StandingOutput(serializers.Serializer[LicenseGrant]):
    id = serializers.UUIDField()
    state = serializers.CharField()


class GrantStanding(APIView):
    """The dataset's stewards and operators suspend, reinstate or revoke a license. Sessions only."""

    act: Callable[..., LicenseGrant] = staticmethod(services.suspend_grant)

    @extend_schema(request=ReasonInput, responses=StandingOutput)
    def post(self, request: Request, grant_id: UUID) -> Response:
        given = ReasonInput(data=request.data)
        given.is_valid(raise_exception=True)
        grant = self.act(actor=person(request), grant_id=grant_id, reason=given.validated_data["reason"])
        return Response(StandingOutput(grant).data)
