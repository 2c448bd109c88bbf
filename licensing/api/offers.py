"""Offers of a dataset: read by everybody, made by its stewards."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.generics import ListAPIView
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from collective.accounts.api.permissions import ANY_SCOPE, HasScope
from collective.accounts.api.viewer import viewer_of
from collective.accounts.web.people import person
from collective.catalog.policies import check_can_steward
from collective.catalog.selectors import dataset_for, latest_version
from collective.core.api import idempotent
from licensing import services
from licensing.api.licenses import PUBLIC
from licensing.api.serializers import OfferChoiceOutput, OfferInput, OfferOutput, OfferPreviewOutput, words_json
from licensing.domain.plans import prices_by_kind
from licensing.models import Offer
from licensing.selectors import offer_choices, offer_for, offers_visible_to


class OfferList(ListAPIView[Offer]):
    """Live offers (for stewards the ended ones too); POST puts the newest version on offer."""

    serializer_class = OfferOutput
    required_scope = {"GET": ANY_SCOPE}

    def get_permissions(self) -> list[Any]:
        reads = self.request.method in {"GET", "HEAD"}
        return [AllowAny(), HasScope()] if reads else list(super().get_permissions())

    def get_queryset(self) -> QuerySet[Offer]:
        viewer = viewer_of(self.request)
        dataset = dataset_for(viewer, self.kwargs["organization"], self.kwargs["slug"])
        return offers_visible_to(viewer).filter(dataset=dataset)

    @extend_schema(request=OfferInput, responses={201: OfferOutput})
    @idempotent
    def post(self, request: Request, organization: str, slug: str) -> Response:
        dataset = dataset_for(request.user, organization, slug)
        given = OfferInput(data=request.data)
        given.is_valid(raise_exception=True)
        offer = services.publish_offer(actor=person(request), dataset_id=dataset.pk, **given.options())
        return Response(OfferOutput(offer).data, status=status.HTTP_201_CREATED)


class OfferPreview(APIView):
    """The words and prices of an offer as it would be published. Nothing is kept. Stewards only."""

    @extend_schema(request=OfferInput, responses=OfferPreviewOutput)
    def post(self, request: Request, organization: str, slug: str) -> Response:
        dataset = dataset_for(request.user, organization, slug)
        given = OfferInput(data=request.data)
        given.is_valid(raise_exception=True)
        offer = services.preview_offer(actor=person(request), dataset_id=dataset.pk, **given.options())
        prices = {kind: amount and amount.decimal() for kind, amount in prices_by_kind(offer.plan).items()}
        return Response({"plain_words": words_json(offer.plain_words), "terms": offer.terms, "prices": prices})


class OfferChoices(APIView):
    """For each license, which contributions of the newest version stand in the way, and why. Stewards only."""

    @extend_schema(responses=OfferChoiceOutput(many=True))
    def get(self, request: Request, organization: str, slug: str) -> Response:
        dataset = dataset_for(request.user, organization, slug)
        check_can_steward(person(request), dataset)
        choices = offer_choices(dataset, latest_version(dataset))
        return Response(OfferChoiceOutput(choices, many=True).data)


class OfferDetail(APIView):
    permission_classes = PUBLIC
    required_scope = ANY_SCOPE

    @extend_schema(responses=OfferOutput)
    def get(self, request: Request, offer_id: UUID) -> Response:
        return Response(OfferOutput(offer_for(viewer_of(request), offer_id)).data)


class OfferRetire(APIView):
    """Ends an offer; licenses under it stay."""

    @extend_schema(request=None, responses=OfferOutput)
    def post(self, request: Request, offer_id: UUID) -> Response:
        return Response(OfferOutput(services.retire_offer(actor=person(request), offer_id=offer_id)).data)
