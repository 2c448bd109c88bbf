"""The catalog of licenses and the texts behind their hashes."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.generics import ListAPIView
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from collective.accounts.api.permissions import ANY_SCOPE, HasScope
from collective.core.api import CursorPagination
from licensing.api.serializers import LicenseOutput, LicenseTextOutput
from licensing.models import LicenseVersion
from licensing.selectors import license_by_hash, published_licenses

PUBLIC: tuple[Any, ...] = (AllowAny, HasScope)


class OldestFirst(CursorPagination):
    ordering = "id"


class LicenseList(ListAPIView[LicenseVersion]):
    """What an offer may use."""

    serializer_class = LicenseOutput
    pagination_class = OldestFirst
    permission_classes = PUBLIC
    required_scope = ANY_SCOPE

    def get_queryset(self) -> QuerySet[LicenseVersion]:
        return published_licenses()


class LicenseText(APIView):
    """A license by the SHA-256 of its text; retired ones stay for ever."""

    permission_classes = PUBLIC
    required_scope = ANY_SCOPE

    @extend_schema(responses=LicenseTextOutput)
    def get(self, request: Request, text_sha256: str) -> Response:
        return Response(LicenseTextOutput(license_by_hash(text_sha256)).data)


class LicenseBytes(APIView):
    """The exact bytes that the hash covers, for `verify_grant --license`."""

    permission_classes = PUBLIC
    required_scope = ANY_SCOPE

    @extend_schema(responses={(200, "text/plain"): OpenApiTypes.BINARY})
    def get(self, request: Request, text_sha256: str) -> HttpResponse:
        found = license_by_hash(text_sha256)
        disposition = f'attachment; filename="{found.license_id}.txt"'
        return HttpResponse(
            found.text_bytes, content_type="text/plain; charset=utf-8", headers={"Content-Disposition": disposition}
        )
