"""The licenses of one's organizations."""

from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from licensing.api.serializers import GrantOutput
from licensing.models import LicenseGrant
from licensing.selectors import grant_for, grants_visible_to

JOSE = "application/jose"


class GrantList(ListAPIView[LicenseGrant]):
    serializer_class = GrantOutput
    required_scope = "licenses:read"

    def get_queryset(self) -> QuerySet[LicenseGrant]:
        return grants_visible_to(self.request.user)


class GrantDetail(APIView):
    required_scope = "licenses:read"

    @extend_schema(responses=GrantOutput)
    def get(self, request: Request, grant_id: UUID) -> Response:
        return Response(GrantOutput(grant_for(request.user, grant_id)).data)


class GrantJws(APIView):
    """The signed grant, as it is verified offline with the keys at /.well-known/jwks.json."""

    required_scope = "licenses:read"

    @extend_schema(responses={(200, JOSE): OpenApiTypes.STR})
    def get(self, request: Request, grant_id: UUID) -> HttpResponse:
        return jws_download(grant_for(request.user, grant_id))


def jws_download(grant: LicenseGrant) -> HttpResponse:
    name = f"{grant.dataset.slug}-{grant.pinned_version.number}.jws"
    return HttpResponse(
        grant.jws,
        content_type=JOSE,
        headers={"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "private, no-store"},
    )
