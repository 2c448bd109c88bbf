"""What one accepts by buying: the offer and the license text, to the byte, with their hashes."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from collective.accounts.api.permissions import ANY_SCOPE, HasScope
from collective.accounts.api.viewer import viewer_of
from licensing.models import Offer
from licensing.selectors import texts_of
from payments.selectors.checkout import acceptance_wording, offer_to_buy


class AcceptableTextOutput(serializers.Serializer[Any]):
    language = serializers.CharField()
    text_sha256 = serializers.CharField(help_text="Of the UTF-8 bytes of `text`.")
    text = serializers.CharField()
    named_by_offer = serializers.BooleanField(help_text="The one whose hash stands in the offer.")


class TermsOutput(serializers.Serializer[Any]):
    """`offer` is the object that `offer_sha256` hashes in its RFC 8785 form; `wording` is what accepting means."""

    offer_id = serializers.UUIDField(source="pk")
    state = serializers.CharField()
    offer = serializers.JSONField(source="snapshot")
    offer_sha256 = serializers.CharField()
    terms = serializers.JSONField()
    terms_sha256 = serializers.CharField()
    texts = serializers.SerializerMethodField()
    wording = serializers.SerializerMethodField()

    @extend_schema_field(AcceptableTextOutput(many=True))
    def get_texts(self, row: Offer) -> list[dict[str, Any]]:
        return [
            {
                "language": each.language,
                "text_sha256": each.text_sha256,
                "text": each.readable_text,
                "named_by_offer": each.pk == row.license_version_id,
            }
            for each in texts_of(row)
        ]

    def get_wording(self, row: Offer) -> str:
        return acceptance_wording()


class OfferTerms(APIView):
    """Read this, then POST an order with `offer_sha256` and the `text_sha256` of the language that was read."""

    permission_classes = (AllowAny, HasScope)
    required_scope = ANY_SCOPE

    @extend_schema(responses=TermsOutput)
    def get(self, request: Request, offer_id: UUID) -> Response:
        return Response(TermsOutput(offer_to_buy(viewer_of(request), offer_id)).data)
