"""Offers and licenses as ODRL policies, for programs that read rights."""

from uuid import UUID

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from collective.accounts.api.permissions import ANY_SCOPE
from collective.accounts.api.viewer import viewer_of
from licensing.api.licenses import PUBLIC
from licensing.selectors import grant_for, offer_for
from licensing.services.odrl import agreement_policy, offer_policy

JSON_LD = "application/ld+json"


class OfferPolicy(APIView):
    """An `odrl:Offer` under this site's profile, which is at `/ns/odrl-profile/1`."""

    permission_classes = PUBLIC
    required_scope = ANY_SCOPE

    @extend_schema(responses={(200, JSON_LD): OpenApiTypes.OBJECT})
    def get(self, request: Request, offer_id: UUID) -> Response:
        return Response(offer_policy(offer_for(viewer_of(request), offer_id)), content_type=JSON_LD)


class GrantPolicy(APIView):
    """The `odrl:Agreement` of a license, for its licensee."""

    required_scope = "licenses:read"

    @extend_schema(responses={(200, JSON_LD): OpenApiTypes.OBJECT})
    def get(self, request: Request, grant_id: UUID) -> Response:
        return Response(agreement_policy(grant_for(request.user, grant_id)), content_type=JSON_LD)
