"""What people are told before they give data to a dataset: read by everybody who sees it, written by its stewards."""

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from collective.accounts.api.permissions import ANY_SCOPE, HasScope
from collective.accounts.api.viewer import viewer_of
from collective.accounts.web.people import person
from collective.catalog.selectors import dataset_for
from licensing import services
from licensing.api.consent import notice_json
from licensing.api.consent_input import NoticeInput
from licensing.api.languages import languages_of
from licensing.selectors import current_notice
from licensing.selectors.consent import notices_of_dataset


class DatasetNotices(APIView):
    """GET: the text that is shown now, and all versions of the dataset's own. POST: a new version, or a translation."""

    required_scope = {"GET": ANY_SCOPE}

    def get_permissions(self) -> list[Any]:
        reads = self.request.method in {"GET", "HEAD"}
        return [AllowAny(), HasScope()] if reads else list(super().get_permissions())

    @extend_schema(responses=OpenApiTypes.OBJECT)
    def get(self, request: Request, organization: str, slug: str) -> Response:
        dataset = dataset_for(viewer_of(request), organization, slug)
        current = current_notice(*languages_of(request), dataset_id=dataset.pk)
        rows = notices_of_dataset(dataset.pk)
        return Response({"current": notice_json(current), "notices": [notice_json(row) for row in rows]})

    @extend_schema(request=NoticeInput, responses={201: OpenApiTypes.OBJECT})
    def post(self, request: Request, organization: str, slug: str) -> Response:
        dataset = dataset_for(request.user, organization, slug)
        given = NoticeInput(data=request.data)
        given.is_valid(raise_exception=True)
        wording = services.Wording(**given.validated_data)
        made = services.publish_dataset_notice(actor=person(request), dataset_id=dataset.pk, wording=wording)
        return Response(notice_json(made), status=status.HTTP_201_CREATED)
