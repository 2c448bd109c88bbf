"""Earnings of the payees that the caller owns or administers."""

from django.conf import settings
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from collective.core.api import CursorPagination
from payments.api.serializers import EarningsOutput, LineOutput
from payments.selectors.earnings import purses_of
from payments.selectors.lines import explained, lines_visible_to


class EarningsView(APIView):
    """Per payee and currency: earned, held, payable, paid, owed."""

    required_scope = "earnings:read"

    @extend_schema(responses=EarningsOutput)
    def get(self, request: Request) -> Response:
        facts = {"hold_days": settings.HOLD_DAYS, "earnings": purses_of(request.user)}
        return Response(EarningsOutput(facts).data)


class EarningLinesView(APIView):
    """Every share, newest first, with the numbers to recompute it and the sales behind it."""

    required_scope = "earnings:read"

    @extend_schema(responses=LineOutput(many=True))
    def get(self, request: Request) -> Response:
        pages = CursorPagination()
        page = pages.paginate_queryset(lines_visible_to(request.user).order_by(), request, view=self)
        return pages.get_paginated_response(LineOutput(explained(list(page or [])), many=True).data)
