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

from collective.accounts.web.people import person
from licensing import services
from licensing.api.serializers import GrantOutput
from licensing.models import LicenseGrant
from licensing.selectors import grant_for, grants_visible_to

JOSE = "application/jose"
PDF = "application/pdf"


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


class GrantCertificate(APIView):
    """One page for people, with a code that leads to the public state of the license."""

    required_scope = "licenses:read"

    @extend_schema(responses={(200, PDF): OpenApiTypes.BINARY})
    def get(self, request: Request, grant_id: UUID) -> HttpResponse:
        grant = grant_for(request.user, grant_id)
        return pdf_download(grant, services.certificate(actor=person(request), grant_id=grant.pk))


def pdf_download(grant: LicenseGrant, content: bytes) -> HttpResponse:
    name = f"{grant.dataset.slug}-{grant.pinned_version.number}-certificate.pdf"
    return HttpResponse(
        content,
        content_type=PDF,
        headers={"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "private, no-store"},
    )


def jws_download(grant: LicenseGrant) -> HttpResponse:
    name = f"{grant.dataset.slug}-{grant.pinned_version.number}.jws"
    return HttpResponse(
        grant.jws,
        content_type=JOSE,
        headers={"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "private, no-store"},
    )
