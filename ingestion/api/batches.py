"""Many small files at once: one request begins them, one completes them."""

from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from collective.accounts.policies import check_signed_in
from ingestion import services
from ingestion.api.upload_serializers import BatchCompleteInput, BatchCompleteOutput, BatchInput, BatchOutput


class BatchStart(APIView):
    """Begin files, or find again what was begun or stored here before; the answers are in the order of the files."""

    required_scope = "upload"

    @extend_schema(request=BatchInput, responses=BatchOutput)
    def post(self, request: Request, contribution_id: UUID) -> Response:
        given = BatchInput(data=request.data)
        given.is_valid(raise_exception=True)
        begun = services.start_batch(
            actor=check_signed_in(request.user), contribution_id=contribution_id, files=given.claims()
        )
        return Response(BatchOutput({"files": begun}).data, headers={"Cache-Control": "no-store"})


class BatchComplete(APIView):
    """What has arrived is hashed in the background; what is missing is said, and stays open."""

    required_scope = "upload"

    @extend_schema(request=BatchCompleteInput, responses=BatchCompleteOutput)
    def post(self, request: Request, contribution_id: UUID) -> Response:
        given = BatchCompleteInput(data=request.data)
        given.is_valid(raise_exception=True)
        completed = services.complete_batch(
            actor=check_signed_in(request.user),
            contribution_id=contribution_id,
            upload_ids=given.validated_data["uploads"],
        )
        return Response(BatchCompleteOutput({"uploads": completed}).data)
