"""Reports on contributions, and the building of versions."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.generics import ListAPIView
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from collective.accounts.api.permissions import ANY_SCOPE, HasScope
from collective.accounts.api.viewer import viewer_of
from collective.accounts.policies import check_signed_in
from collective.catalog.models import DatasetVersion
from collective.catalog.selectors import dataset_for, version_for, versions_visible_to
from collective.core.api import idempotent
from ingestion import services
from ingestion.api.report_serializers import ReportOutput
from ingestion.api.serializers import PublishInput, VersionOutput
from ingestion.selectors import report_for


class ContributionReport(APIView):
    """The latest check; it grows while the check runs."""

    required_scope = "upload"

    @extend_schema(responses=ReportOutput)
    def get(self, request: Request, contribution_id: UUID) -> Response:
        return Response(ReportOutput(report_for(request.user, contribution_id)).data)


class VersionList(ListAPIView[DatasetVersion]):
    """Versions of a dataset, newest first; POST publishes a new one. A key never publishes: sessions only."""

    serializer_class = VersionOutput
    required_scope = {"GET": ANY_SCOPE}

    def get_permissions(self) -> list[Any]:
        return [AllowAny(), HasScope()] if self.request.method in {"GET", "HEAD"} else [*super().get_permissions()]

    def get_queryset(self) -> QuerySet[DatasetVersion]:
        viewer = viewer_of(self.request)
        dataset = dataset_for(viewer, self.kwargs["organization"], self.kwargs["slug"])
        return versions_visible_to(viewer).filter(dataset=dataset)

    @extend_schema(request=PublishInput, responses={201: VersionOutput})
    @idempotent
    def post(self, request: Request, organization: str, slug: str) -> Response:
        dataset = dataset_for(request.user, organization, slug)
        given = PublishInput(data=request.data)
        given.is_valid(raise_exception=True)
        version = services.publish_version(
            actor=check_signed_in(request.user), dataset_id=dataset.pk, notes=given.validated_data["notes"]
        )
        return Response(VersionOutput(version).data, status=status.HTTP_201_CREATED)


class VersionDetail(APIView):
    """State, progress of the build, and the reason if it failed."""

    required_scope = ANY_SCOPE

    def get_permissions(self) -> list[Any]:
        return [AllowAny(), HasScope()]

    @extend_schema(responses=VersionOutput)
    def get(self, request: Request, version_id: UUID) -> Response:
        return Response(VersionOutput(version_for(viewer_of(request), version_id)).data)


class VersionRetry(APIView):
    """Build a failed version again. Sessions only."""

    @extend_schema(request=None, responses=VersionOutput)
    def post(self, request: Request, version_id: UUID) -> Response:
        version = services.retry_version(actor=check_signed_in(request.user), version_id=version_id)
        return Response(VersionOutput(version).data)
