"""The feed of withdrawals that clients poll, the records of each, and the signed list of a dataset."""

from typing import Any

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from collective.core.api import StrictSerializer
from licensing.api.grants import JOSE
from licensing.api.withdrawal_serializers import FeedOutput, FeedQuery, RecordsQuery, WithdrawnRecordsOutput
from licensing.domain.tombstones import Cursor
from licensing.errors import TombstoneCursorError
from licensing.selectors import deliverable_dataset
from licensing.selectors.withdrawals import withdrawal_for, withdrawals_visible_to, withdrawn_records
from licensing.services import tombstone_token

NO_STORE = {"Cache-Control": "private, no-store"}


class WithdrawalFeed(APIView):
    """Of datasets that one's organizations hold or held a license for, oldest first, after a number."""

    required_scope = "licenses:read"

    @extend_schema(parameters=[FeedQuery], responses=FeedOutput)
    def get(self, request: Request) -> Response:
        asked = _asked(FeedQuery, request)
        found = withdrawals_visible_to(request.user).filter(number__gt=asked["after"])
        if asked["dataset"]:
            organization, slug = asked["dataset"].split("/")
            found = found.filter(dataset__organization__slug=organization, dataset__slug=slug)
        rows = list(found[: asked["limit"] + 1])
        shown = rows[: asked["limit"]]
        last = shown[-1].number if shown else asked["after"]
        return Response(FeedOutput({"results": shown, "next": last, "more": len(rows) > len(shown)}).data)


class WithdrawalRecords(APIView):
    """Ids and hashes, in pages; `after` is the `next` of the page before."""

    required_scope = "licenses:read"

    @extend_schema(parameters=[RecordsQuery], responses=WithdrawnRecordsOutput)
    def get(self, request: Request, number: int) -> Response:
        asked = _asked(RecordsQuery, request)
        withdrawal = withdrawal_for(request.user, number)
        page = withdrawn_records(withdrawal, first=asked["after"], count=asked["limit"])
        return Response(WithdrawnRecordsOutput(page).data)


class DatasetTombstones(APIView):
    """The withdrawn records of a dataset as a JWS (`dc-tombstones+jwt`), under the keys at /.well-known/jwks.json.

    `dc.cursor` is what to ask after next; `dc.complete` says that nothing is known beyond it.
    """

    required_scope = "licenses:read"

    @extend_schema(
        parameters=[OpenApiParameter("after", str, description="0, or the cursor of a list before")],
        responses={(200, JOSE): OpenApiTypes.STR},
    )
    def get(self, request: Request, organization: str, slug: str) -> HttpResponse:
        dataset = deliverable_dataset(request.user, organization, slug)
        try:
            after = Cursor.parse(request.query_params.get("after", "0"))
        except ValueError:
            raise TombstoneCursorError from None
        token = tombstone_token(actor=request.user, dataset=dataset, after=after)
        return HttpResponse(token, content_type=JOSE, headers=NO_STORE)


def _asked(query: type[StrictSerializer], request: Request) -> dict[str, Any]:
    given = query(data=request.query_params.dict())
    given.is_valid(raise_exception=True)
    return dict(given.validated_data)
