"""Uploads in parts, in the shape of S3 multipart."""

from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from collective.accounts.policies import check_signed_in
from ingestion import services
from ingestion.api.serializers import (
    ArrivedOutput,
    PartsInput,
    SignedOutput,
    UploadInput,
    UploadOutput,
)
from ingestion.selectors import upload_for


class UploadStart(APIView):
    """Begin an upload; the same fingerprint returns the open one, so this may be repeated."""

    required_scope = "upload"

    @extend_schema(request=UploadInput, responses={201: UploadOutput})
    def post(self, request: Request, contribution_id: UUID) -> Response:
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
