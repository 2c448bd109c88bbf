"""Subscriptions: look at them and cancel them."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from collective.accounts.policies import check_signed_in
from payments.models import Subscription
from payments.selectors.subscriptions import subscriptions_visible_to
from payments.services import cancel_subscription


class SubscriptionOutput(serializers.ModelSerializer[Subscription]):
    """`order_id` is the first order; each later period has one of its own."""

    licensee = serializers.CharField(source="licensee.slug")

    class Meta:
        model = Subscription
        fields: Any = (
            *("id", "state", "order_id", "offer_id", "licensee", "current_starts_at", "current_ends_at"),
            *("created_at", "ended_at", "end_reason"),
        )


class SubscriptionList(ListAPIView[Subscription]):
    serializer_class = SubscriptionOutput
    required_scope = "purchase"

    def get_queryset(self) -> QuerySet[Subscription]:
        return subscriptions_visible_to(self.request.user)


class SubscriptionCancel(APIView):
    """It is not renewed; what is paid stays until its time is over. Again it is the same."""

    required_scope = "purchase"

    @extend_schema(request=None, responses=SubscriptionOutput)
    def post(self, request: Request, subscription_id: UUID) -> Response:
        ended = cancel_subscription(actor=check_signed_in(request.user), subscription_id=subscription_id)
        return Response(SubscriptionOutput(ended).data)
