"""Uploads in parts, in the shape of S3 multipart."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from collective.accounts.policies import check_signed_in
from ingestion import services
from ingestion.api.upload_serializers import (
    ArrivedOutput,
    PartsInput,
    SignedOutput,
    SummaryOutput,
    UploadInput,
    UploadOutput,
)
from ingestion.domain.states import UPLOAD_STATES
from ingestion.errors import UnknownStateError
from ingestion.models import Upload
from ingestion.selectors import own_uploads, upload_for, upload_summary
from ingestion.services.batches import MOST_AT_ONCE


class UploadList(ListAPIView[Upload]):
    """One's own uploads to a contribution."""

    serializer_class = UploadOutput
    required_scope = "upload"

    def get_queryset(self) -> QuerySet[Upload]:
        uploads = own_uploads(self.request.user, self.kwargs["contribution_id"])
        state = self.request.query_params.get("state")
        if state is None:
            return uploads.exclude(state__in=["aborted", "removed"])
        if state not in UPLOAD_STATES.transitions:
            raise UnknownStateError(states=", ".join(UPLOAD_STATES.transitions))
        return uploads.filter(state=state)

    @extend_schema(parameters=[OpenApiParameter("state", str, enum=list(UPLOAD_STATES.transitions))])
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().get(request, *args, **kwargs)

    @extend_schema(request=UploadInput, responses={201: UploadOutput})
    def post(self, request: Request, contribution_id: UUID) -> Response:
        """Begin an upload; the same fingerprint returns the unfinished one, so this may be repeated."""
        given = UploadInput(data=request.data)
        given.is_valid(raise_exception=True)
        upload = services.start_upload(
            actor=check_signed_in(request.user), contribution_id=contribution_id, **given.validated_data
        )
        return Response(UploadOutput(upload).data, status=status.HTTP_201_CREATED)


class UploadDetail(APIView):
    required_scope = "upload"

    @extend_schema(responses=UploadOutput)
    def get(self, request: Request, upload_id: UUID) -> Response:
        return Response(UploadOutput(upload_for(request.user, upload_id)).data)

    @extend_schema(responses={204: None})
    def delete(self, request: Request, upload_id: UUID) -> Response:
        """Cancel an unfinished upload, or take a stored file out of the contribution."""
        services.discard_upload(actor=check_signed_in(request.user), upload_id=upload_id)
        return Response(status=status.HTTP_204_NO_CONTENT)


class UploadParts(APIView):
    required_scope = "upload"

    @extend_schema(responses=ArrivedOutput)
    def get(self, request: Request, upload_id: UUID) -> Response:
        """The parts that have arrived: the only truth for resuming."""
        parts = services.arrived_parts(actor=check_signed_in(request.user), upload_id=upload_id)
        return Response(ArrivedOutput({"parts": parts}).data)

    @extend_schema(request=PartsInput, responses=SignedOutput)
    def post(self, request: Request, upload_id: UUID) -> Response:
        """Addresses for parts; each takes exactly the announced bytes."""
        given = PartsInput(data=request.data)
        given.is_valid(raise_exception=True)
        parts = given.digests()
        signed = services.sign_parts(actor=check_signed_in(request.user), upload_id=upload_id, parts=parts)
        told = [
            {
                "number": part.number,
                **{name: getattr(each, name) for name in ("method", "url", "headers", "expires_at")},
            }
            for part, each in zip(parts, signed, strict=True)
        ]
        return Response(SignedOutput({"parts": told}).data, headers={"Cache-Control": "no-store"})


class UploadComplete(APIView):
    required_scope = "upload"

    @extend_schema(request=None, responses=UploadOutput)
    def post(self, request: Request, upload_id: UUID) -> Response:
        upload = services.complete_upload(actor=check_signed_in(request.user), upload_id=upload_id)
        return Response(UploadOutput(upload).data)


class UploadRestore(APIView):
    """Take up an upload that was put away because nothing arrived for days."""

    required_scope = "upload"

    @extend_schema(request=None, responses=UploadOutput)
    def post(self, request: Request, upload_id: UUID) -> Response:
        upload = services.restore_upload(actor=check_signed_in(request.user), upload_id=upload_id)
        return Response(UploadOutput(upload).data)


class UploadSummary(APIView):
    """Counts of one's own uploads to a contribution, and what the site takes: for programs that wait for many."""

    required_scope = "upload"

    @extend_schema(responses=SummaryOutput)
    def get(self, request: Request, contribution_id: UUID) -> Response:
        limits = {
            "batch_files": MOST_AT_ONCE,
            "batch_file_bytes": settings.UPLOAD_PART_BYTES,
            "file_bytes": settings.UPLOAD_MAX_BYTES,
            "files": settings.CONTRIBUTION_MAX_FILES,
        }
        told = upload_summary(request.user, contribution_id)
        return Response(SummaryOutput({**told, "limits": limits}).data)
