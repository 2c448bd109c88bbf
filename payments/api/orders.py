"""Orders: place, look at, pay (on the simulated rail only)."""

from uuid import UUID

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from collective.accounts.policies import check_signed_in
from collective.accounts.selectors import personal_organization
from collective.core.api import idempotent
from payments.api.serializers import OrderInput, OrderOutput
from payments.models import Order
from payments.selectors.orders import order_for, orders_visible_to
from payments.services import Evidence, pay_simulated, place_order


class OrderList(ListAPIView[Order]):
    """One's own and those of one's organizations; POST places one. The price is the offer's, never the client's."""

    serializer_class = OrderOutput
    required_scope = "purchase"

    def get_queryset(self) -> QuerySet[Order]:
        return orders_visible_to(self.request.user)

    @extend_schema(request=OrderInput, responses={201: OrderOutput})
    @idempotent
    def post(self, request: Request) -> Response:
        given = OrderInput(data=request.data)
        given.is_valid(raise_exception=True)
        actor, wanted = check_signed_in(request.user), given.validated_data
        order = place_order(
            actor=actor,
            offer_id=wanted["offer_id"],
            offer_sha256=wanted["offer_sha256"],
            licensee_id=wanted.get("licensee_id") or personal_organization(actor).pk,
            client_ref=wanted["client_ref"],
            accepted=wanted["accepted"],
            evidence=Evidence(request.META.get("REMOTE_ADDR"), request.headers.get("User-Agent", ""), "api"),
            choice=given.choice(),
        )
        return Response(OrderOutput(order).data, status.HTTP_201_CREATED)


class OrderDetail(APIView):
    required_scope = "purchase"

    @extend_schema(responses=OrderOutput)
    def get(self, request: Request, order_id: UUID) -> Response:
        return Response(OrderOutput(order_for(request.user, order_id)).data)


class OrderPay(APIView):
    """Simulated payments only; where payments are real, a person pays at `payment_url`."""

    required_scope = "purchase"

    @extend_schema(request=None, responses=OrderOutput)
    def post(self, request: Request, order_id: UUID) -> Response:
        return Response(OrderOutput(pay_simulated(actor=check_signed_in(request.user), order_id=order_id)).data)
