"""A small API built from the shared parts, so that they are tested as apps use them."""

from typing import Any

from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.db import OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import include, path
from rest_framework import serializers
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from collective.accounts.models import Organization
from collective.core import errors
from collective.core.api import CursorPagination, StrictSerializer, idempotent
from collective.core.storage.errors import StorageFullError
from tests.factories import OrganizationFactory

RAISED: dict[str, Exception] = {
    "invalid": errors.InvalidError("The title is empty.", fields={"title": ["Write a title."]}),
    "unauthenticated": errors.UnauthenticatedError(),
    "denied": errors.DeniedError(),
    "not-found": errors.NotFoundError(),
    "conflict": errors.ConflictError("It was sold a moment ago.", offer="o1"),
    "gone": errors.GoneError("It was withdrawn."),
    "too-large": errors.TooLargeError("At most 1 GiB."),
    "limited": errors.LimitedError("Too often.", retry_after=7),
    "unavailable": errors.UnavailableError(),
    "storage-full": StorageFullError(),
    "http404": Http404("secret detail"),
    "permission": PermissionDenied("secret detail"),
    "suspicious": SuspiciousOperation("secret detail"),
    "database": OperationalError("connection to 10.0.0.7 failed"),
    "bug": RuntimeError("secret detail"),
}


class Raise(APIView):
    permission_classes = (AllowAny,)

    def get(self, request: Request, name: str) -> Response:
        raise RAISED[name]


class FileInput(StrictSerializer):
    name = serializers.CharField(max_length=20)


class ToyInput(StrictSerializer):
    title = serializers.CharField(max_length=20)
    count = serializers.IntegerField(min_value=1, required=False)
    id = serializers.CharField(read_only=True)
    files = FileInput(many=True, required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if attrs["title"] == "both":
            raise serializers.ValidationError("Choose one.")
        return attrs


class Echo(APIView):
    permission_classes = (AllowAny,)

    def post(self, request: Request) -> Response:
        toy = ToyInput(data=request.data)
        toy.is_valid(raise_exception=True)
        return Response(toy.validated_data)


class Make(APIView):
    @idempotent
    def post(self, request: Request) -> Response:
        if dict(request.data).get("fail"):
            OrganizationFactory.create()
            raise errors.InvalidError("No.")
        return Response({"id": OrganizationFactory.create().pk}, status=201)


class ListOrganizations(APIView):
    permission_classes = (AllowAny,)

    def get(self, request: Request) -> Response:
        pages = CursorPagination()
        found = pages.paginate_queryset(Organization.objects.all(), request, view=self) or []
        return pages.get_paginated_response([each.slug for each in found])


class Scarce(APIView):
    permission_classes = (AllowAny,)
    throttle_scope = "scarce"

    def get(self, request: Request) -> Response:
        return Response({})


def page(request: HttpRequest, name: str) -> HttpResponse:
    raise RAISED[name]


urlpatterns = [
    path("api/v1/raise/<str:name>", Raise.as_view()),
    path("api/v1/echo", Echo.as_view()),
    path("api/v1/make", Make.as_view()),
    path("api/v1/organizations", ListOrganizations.as_view()),
    path("api/v1/scarce", Scarce.as_view()),
    path("page/<str:name>", page),
    path("", include("collective.urls")),
]
handler400 = "collective.core.web.errors.bad_request"
handler403 = "collective.core.web.errors.denied"
handler404 = "collective.core.web.errors.not_found"
handler500 = "collective.core.web.errors.server_error"
