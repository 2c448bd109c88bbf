"""Asking for a price, and answering."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from collective.accounts.selectors import personal_organization
from collective.accounts.web.people import person
from licensing import services
from licensing.api.serializers import QuoteAnswerInput, QuoteAskInput, QuoteDeclineInput, QuoteOutput
from licensing.models import QuoteRequest
from licensing.selectors import quotes_visible_to


class QuoteList(ListAPIView[QuoteRequest]):
    """What my organizations asked, and what waits for me as a steward."""

    serializer_class = QuoteOutput

    def get_queryset(self) -> QuerySet[QuoteRequest]:
        return quotes_visible_to(self.request.user)


class QuoteAsk(APIView):
    """For an offer without a fixed price."""

    @extend_schema(request=QuoteAskInput, responses={201: QuoteOutput})
    def post(self, request: Request, offer_id: UUID) -> Response:
        actor, given = person(request), QuoteAskInput(data=request.data)
        given.is_valid(raise_exception=True)
        licensee_id = given.validated_data.get("licensee_id") or personal_organization(actor).pk
        asked = services.ask_for_quote(
            actor=actor, offer_id=offer_id, licensee_id=licensee_id, use=given.validated_data["use"]
        )
        return Response(QuoteOutput(asked).data, status.HTTP_201_CREATED)


class QuoteAnswer(APIView):
    """Makes an offer for whoever asked, and for nobody else."""

    @extend_schema(request=QuoteAnswerInput, responses=QuoteOutput)
    def post(self, request: Request, quote_id: UUID) -> Response:
        actor, given = person(request), QuoteAnswerInput(data=request.data)
        given.is_valid(raise_exception=True)
        wanted: dict[str, Any] = dict(given.validated_data)
        return Response(QuoteOutput(services.answer_quote(actor=actor, quote_id=quote_id, **wanted)).data)


class QuoteDecline(APIView):
    @extend_schema(request=QuoteDeclineInput, responses=QuoteOutput)
    def post(self, request: Request, quote_id: UUID) -> Response:
        actor, given = person(request), QuoteDeclineInput(data=request.data)
        given.is_valid(raise_exception=True)
        asked = services.decline_quote(actor=actor, quote_id=quote_id, **given.validated_data)
        return Response(QuoteOutput(asked).data)
