"""The records of a contribution, and where one lies. Sessions and upload keys."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from collective.catalog.policies import check_can_edit_contribution
from collective.catalog.selectors import contribution_for
from collective.core.api import StrictSerializer
from ingestion.policies import RECORDS_KNOWN
from ingestion.services import locate_record
from ingestion.services.listing import list_records

AT_ONCE = 50


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


class ListedOutput(serializers.Serializer[Any]):
    """`row` counts from 1 through the contribution; of a record that was taken back, `values` are not told."""

    row = serializers.IntegerField()
    record_id = serializers.CharField()
    values = serializers.DictField(child=serializers.CharField(), help_text="By column, cut short.")
    withdrawn = serializers.BooleanField(source="is_gone")


class RecordsOutput(serializers.Serializer[Any]):
    """Fifty records from row `first` on; `next` is the row to ask for then, or null."""

    total = serializers.IntegerField()
    next = serializers.IntegerField(allow_null=True)
    records = ListedOutput(many=True)


class RecordsInput(StrictSerializer):
    first = serializers.IntegerField(min_value=1, required=False, default=1)


class ContributionRecord(APIView):
    required_scope = "upload"

    @extend_schema(responses=RecordOutput)
    def get(self, request: Request, contribution_id: UUID, record_id: str) -> Response:
        return Response(RecordOutput(locate_record(contribution_for(request.user, contribution_id), record_id)).data)


class ContributionRecords(APIView):
    """The contributor's own, in the order of the files."""

    required_scope = "upload"

    @extend_schema(parameters=[RecordsInput], responses=RecordsOutput)
    def get(self, request: Request, contribution_id: UUID) -> Response:
        contribution = contribution_for(request.user, contribution_id)
        check_can_edit_contribution(request.user, contribution)
        asked = RecordsInput(data=request.query_params.dict())
        asked.is_valid(raise_exception=True)
        first = asked.validated_data["first"]
        total = contribution.record_count if contribution.state in RECORDS_KNOWN else 0
        records = list_records(contribution, first=first, count=min(AT_ONCE, max(0, total - first + 1)))
        following = first + len(records)
        told = {"total": total, "next": following if records and following <= total else None, "records": records}
        return Response(RecordsOutput(told).data)
