"""Requests for access, from the side of those who ask, and reading them from both sides."""

from pathlib import PurePosixPath
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.generics import ListAPIView
from rest_framework.parsers import BaseParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from collective.accounts.selectors import personal_organization
from collective.accounts.web.people import person
from collective.catalog.selectors import dataset_for
from collective.core.api import idempotent
from collective.core.errors import InvalidError
from collective.core.web.files import serve_file
from licensing import services
from licensing.api.access_serializers import (
    AccessAnswerInput,
    AccessAskedInput,
    AccessFileOutput,
    AccessRequestDetail,
    AccessRequestOutput,
)
from licensing.domain.evidence import BYTES_MAX
from licensing.domain.states import ACCESS_STATES
from licensing.models import AccessRequest
from licensing.policies import check_can_answer_access
from licensing.selectors.access import access_file_for, access_request_for, access_requests_visible_to
from licensing.services import Asked

SCOPE = "purchase"


class BytesParser(BaseParser):
    """The body as it is, and one byte more than is allowed at most."""

    media_type = "*/*"

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Any = None) -> dict[str, bytes]:
        return {"content": stream.read(BYTES_MAX + 1)}


class AccessRequestList(ListAPIView[AccessRequest]):
    """All that one may see: of one's organizations, and to datasets that one stewards. `?state=` filters."""

    serializer_class = AccessRequestOutput
    required_scope = SCOPE

    def get_queryset(self) -> QuerySet[AccessRequest]:
        return in_state(access_requests_visible_to(self.request.user), self.request).order_by()


class DatasetAccessRequests(ListAPIView[AccessRequest]):
    """Those of one dataset; POST asks for access."""

    serializer_class = AccessRequestOutput
    required_scope = SCOPE

    def get_queryset(self) -> QuerySet[AccessRequest]:
        dataset = dataset_for(self.request.user, self.kwargs["organization"], self.kwargs["slug"])
        rows = access_requests_visible_to(self.request.user).filter(dataset=dataset)
        return in_state(rows, self.request).order_by()

    @extend_schema(request=AccessAskedInput, responses={201: AccessRequestDetail})
    @idempotent
    def post(self, request: Request, organization: str, slug: str) -> Response:
        dataset = dataset_for(request.user, organization, slug)
        given = AccessAskedInput(data=request.data)
        given.is_valid(raise_exception=True)
        wanted, actor = dict(given.validated_data), person(request)
        licensee_id = wanted.pop("licensee_id", None) or personal_organization(actor).pk
        wanted["offers"] = [str(each) for each in wanted["offers"]]
        made = services.request_access(
            actor=actor, dataset_id=dataset.pk, licensee_id=licensee_id, asked=Asked(**wanted)
        )
        return _detail(request, made.pk, status.HTTP_201_CREATED)


class AccessFiles(APIView):
    """POST the bytes of one file (PDF, PNG, JPEG or plain text, 5 MiB); its id is then an answer. `?name=` names it."""

    required_scope = SCOPE
    parser_classes = [BytesParser]

    @extend_schema(request={"application/octet-stream": OpenApiTypes.BINARY}, responses={201: AccessFileOutput})
    def post(self, request: Request, organization: str, slug: str) -> Response:
        dataset = dataset_for(request.user, organization, slug)
        content = dict(request.data).get("content", b"")
        name = PurePosixPath(request.query_params.get("name", "")).name
        made = services.store_access_file(actor=person(request), dataset_id=dataset.pk, name=name, content=content)
        return Response(AccessFileOutput(made).data, status.HTTP_201_CREATED)


class AccessRequestView(APIView):
    """With its questions, answers, files and the whole conversation."""

    required_scope = SCOPE

    @extend_schema(responses=AccessRequestDetail)
    def get(self, request: Request, request_id: UUID) -> Response:
        return _detail(request, request_id)


class AccessRequestFileView(APIView):
    required_scope = SCOPE

    @extend_schema(responses={(200, "application/octet-stream"): OpenApiTypes.BINARY})
    def get(self, request: Request, request_id: UUID, file_id: UUID) -> HttpResponseBase:
        found = access_file_for(request.user, request_id, file_id)
        return serve_file(request, services.access_file_content(found), etag=found.sha256, filename=found.name)


class AccessRequestWithdraw(APIView):
    required_scope = SCOPE

    @extend_schema(request=None, responses=AccessRequestDetail)
    def post(self, request: Request, request_id: UUID) -> Response:
        services.withdraw_access_request(actor=person(request), request_id=request_id)
        return _detail(request, request_id)


class AccessRequestAnswer(APIView):
    """Answers what the steward asked back."""

    required_scope = SCOPE

    @extend_schema(request=AccessAnswerInput, responses=AccessRequestDetail)
    def post(self, request: Request, request_id: UUID) -> Response:
        check_can_answer_access(request.user, access_request_for(request.user, request_id))
        given = AccessAnswerInput(data=request.data)
        given.is_valid(raise_exception=True)
        files = [str(each) for each in given.validated_data["files"]]
        services.answer_access_request(
            actor=person(request), request_id=request_id, text=given.validated_data["text"], files=files
        )
        return _detail(request, request_id)


def in_state(rows: QuerySet[AccessRequest], request: Request) -> QuerySet[AccessRequest]:
    wanted = request.query_params.get("state", "")
    if not wanted:
        return rows
    if wanted not in dict(ACCESS_STATES.choices):
        raise InvalidError(fields={"state": ["There is no such state."]})
    return rows.filter(state=wanted)


def _detail(request: Request, request_id: UUID, code: int = status.HTTP_200_OK) -> Response:
    return Response(AccessRequestDetail(access_request_for(request.user, request_id)).data, code)
