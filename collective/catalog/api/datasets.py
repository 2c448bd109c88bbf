"""Datasets and their versions."""

from typing import Any

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
from collective.accounts.selectors import organization_of
from collective.catalog import services
from collective.catalog.api.filters import DatasetFilter
from collective.catalog.api.serializers import DatasetChange, DatasetInput, DatasetOutput, VersionOutput
from collective.catalog.models import Dataset, DatasetVersion
from collective.catalog.selectors import dataset_for, datasets_visible_to, version_by_revision, versions_visible_to
from collective.core.api import idempotent


class DatasetList(ListAPIView[Dataset]):
    """Datasets that the caller may see, newest first; POST opens a new one."""

    serializer_class = DatasetOutput
    filterset_class = DatasetFilter
    required_scope = {"GET": ANY_SCOPE}

    def get_permissions(self) -> list[Any]:
        return [AllowAny(), HasScope()] if self.request.method in {"GET", "HEAD"} else [*super().get_permissions()]

    def get_queryset(self) -> QuerySet[Dataset]:
        return datasets_visible_to(viewer_of(self.request))

    @extend_schema(request=DatasetInput, responses={201: DatasetOutput})
    @idempotent
    def post(self, request: Request) -> Response:
        given = DatasetInput(data=request.data)
        given.is_valid(raise_exception=True)
        wanted = dict(given.validated_data)
        organization = organization_of(request.user, wanted.pop("organization"))
        dataset = services.create_dataset(
            actor=check_signed_in(request.user), organization_id=organization.pk, **wanted
        )
        return Response(DatasetOutput(dataset).data, status=status.HTTP_201_CREATED)


class DatasetDetail(APIView):
    required_scope = {"GET": ANY_SCOPE}

    def get_permissions(self) -> list[Any]:
        return [AllowAny(), HasScope()] if self.request.method in {"GET", "HEAD"} else [*super().get_permissions()]

    @extend_schema(responses=DatasetOutput)
    def get(self, request: Request, organization: str, slug: str) -> Response:
        return Response(DatasetOutput(dataset_for(viewer_of(request), organization, slug)).data)

    @extend_schema(request=DatasetChange, responses=DatasetOutput)
    def patch(self, request: Request, organization: str, slug: str) -> Response:
        dataset = dataset_for(request.user, organization, slug)
        given = DatasetChange(data=request.data)
        given.is_valid(raise_exception=True)
        changed = services.update_dataset(
            actor=check_signed_in(request.user), dataset_id=dataset.pk, **given.validated_data
        )
        return Response(DatasetOutput(changed).data)


class RevisionList(ListAPIView[DatasetVersion]):
    """A dataset's versions, newest first; the caller sees unfinished ones only of their own organization."""

    serializer_class = VersionOutput
    required_scope = ANY_SCOPE

    def get_permissions(self) -> list[Any]:
        return [AllowAny(), HasScope()]

    def get_queryset(self) -> QuerySet[DatasetVersion]:
        viewer = viewer_of(self.request)
        dataset = dataset_for(viewer, self.kwargs["organization"], self.kwargs["slug"])
        return versions_visible_to(viewer).filter(dataset=dataset)


class RevisionDetail(APIView):
    """One version by `main`, tag or commit id."""

    required_scope = ANY_SCOPE

    def get_permissions(self) -> list[Any]:
        return [AllowAny(), HasScope()]

    @extend_schema(responses=VersionOutput)
    def get(self, request: Request, organization: str, slug: str, revision: str) -> Response:
        dataset = dataset_for(viewer_of(request), organization, slug)
        return Response(VersionOutput(version_by_revision(dataset, revision)).data)
