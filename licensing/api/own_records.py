"""The ids of the records that a person is in, so that single ones can be taken back."""

from uuid import UUID

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from collective.accounts.web.people import person
from collective.core.api import StrictSerializer
from licensing import services
from licensing.selectors.own_records import own_record_count, own_records

MOST = 1000


class PlaceInput(StrictSerializer):
    first = serializers.IntegerField(min_value=0, default=0, help_text="From 0.")
    count = serializers.IntegerField(min_value=1, max_value=MOST, default=MOST)


class OwnRecords(APIView):
    """From place `first` on; `next` is None after the last. Under `wards/{person}` a minor's, for the guardian."""

    required_scope = "upload"

    @extend_schema(parameters=[PlaceInput], responses=OpenApiTypes.OBJECT)
    def get(self, request: Request, contribution_id: UUID, person_id: UUID | None = None) -> Response:
        wanted = PlaceInput(data=request.query_params.dict())
        wanted.is_valid(raise_exception=True)
        answerer = services.answerer_for(person(request), person_id)
        contribution = answerer.contribution(contribution_id)
        total, first = own_record_count(answerer, contribution), wanted.validated_data["first"]
        count = max(min(wanted.validated_data["count"], total - first), 0)
        rows = own_records(answerer, contribution, first=first, count=count)
        shown = [{"id": each.record_id, "taken_back": each.is_gone} for each in rows]
        return Response({"total": total, "records": shown, "next": first + count if first + count < total else None})
