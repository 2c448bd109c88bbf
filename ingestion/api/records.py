"""Where a record of a contribution lies, for those who may see the contribution. Sessions and upload keys."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from collective.catalog.selectors import contribution_for
from ingestion.services import locate_record


class RecordFileOutput(serializers.Serializer[Any]):
    version = serializers.CharField(source="version.number")
    state = serializers.CharField(source="version.state")
    path = serializers.CharField()
    sha256 = serializers.CharField()


class RecordOutput(serializers.Serializer[Any]):
    """`row` counts the records of `file` from 1; `files` are those that published versions hold the record in."""

    file = serializers.CharField()
    row = serializers.IntegerField()
    files = RecordFileOutput(many=True)


class ContributionRecord(APIView):
    required_scope = "upload"

    @extend_schema(responses=RecordOutput)
    def get(self, request: Request, contribution_id: UUID, record_id: str) -> Response:
        return Response(RecordOutput(locate_record(contribution_for(request.user, contribution_id), record_id)).data)
