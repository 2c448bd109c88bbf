"""Coupons of a dataset, for its stewards."""

from uuid import UUID

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from collective.accounts.policies import check_signed_in
from collective.catalog.policies import check_can_steward
from collective.catalog.selectors import dataset_for
from collective.core.api import StrictSerializer, idempotent
from collective.core.domain.money import CURRENCIES
from payments.models import Coupon
from payments.selectors.coupons import coupons_of
from payments.services import CouponTerms, end_coupon, make_coupon


class CouponInput(StrictSerializer):
    """`percent`, or `amount_minor` with its `currency`. Fee and shares are counted from the reduced price."""

    percent = serializers.IntegerField(min_value=1, max_value=100, required=False)
    amount_minor = serializers.IntegerField(min_value=1, max_value=10**12, required=False)
    currency = serializers.ChoiceField(choices=list(CURRENCIES), required=False)
    code = serializers.CharField(max_length=40, required=False, help_text="Made here when left out.")
    offer_id = serializers.UUIDField(required=False, help_text="Every offer of the dataset when left out.")
    audience_id = serializers.UUIDField(required=False, help_text="The only organization that may use it.")
    max_uses = serializers.IntegerField(min_value=1)
    valid_from = serializers.DateTimeField(required=False)
    valid_until = serializers.DateTimeField()

    def terms(self) -> CouponTerms:
        """Precondition: `is_valid`."""
        return CouponTerms(**self.validated_data)


class CouponOutput(serializers.ModelSerializer[Coupon]):
    class Meta:
        model = Coupon
        fields = (
            *("id", "code", "percent", "amount_minor", "currency", "offer_id", "audience_id", "max_uses", "uses"),
            *("valid_from", "valid_until", "ended_at", "created_at"),
        )


class CouponList(ListAPIView[Coupon]):
    """Newest first; POST makes one."""

    serializer_class = CouponOutput

    def get_queryset(self) -> QuerySet[Coupon]:
        dataset = dataset_for(self.request.user, self.kwargs["organization"], self.kwargs["slug"])
        check_can_steward(self.request.user, dataset)
        return coupons_of(self.request.user, dataset)

    @extend_schema(request=CouponInput, responses={201: CouponOutput})
    @idempotent
    def post(self, request: Request, organization: str, slug: str) -> Response:
        dataset = dataset_for(request.user, organization, slug)
        given = CouponInput(data=request.data)
        given.is_valid(raise_exception=True)
        made = make_coupon(actor=check_signed_in(request.user), dataset_id=dataset.pk, terms=given.terms())
        return Response(CouponOutput(made).data, status.HTTP_201_CREATED)


class CouponEnd(APIView):
    @extend_schema(request=None, responses=CouponOutput)
    def post(self, request: Request, coupon_id: UUID) -> Response:
        return Response(CouponOutput(end_coupon(actor=check_signed_in(request.user), coupon_id=coupon_id)).data)
