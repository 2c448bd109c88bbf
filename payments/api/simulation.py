"""The simulator for programs of stewards."""

from typing import Any

from django.conf import settings
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from collective.catalog.policies import check_can_steward
from collective.catalog.selectors import dataset_for
from collective.core.api import StrictSerializer
from collective.core.domain.money import CURRENCIES
from licensing.models import Offer
from payments.domain.simulation import SALES
from payments.selectors.simulation import simulated_sales


class SimulationInput(StrictSerializer):
    price_minor = serializers.IntegerField(min_value=0, max_value=10**12)
    currency = serializers.ChoiceField(list(CURRENCIES))
    fee_mode = serializers.ChoiceField(Offer.FEE_MODES, default="added")
    steward_bps = serializers.IntegerField(
        min_value=0, max_value=10_000, default=None, help_text="As it is now when left out."
    )
    version = serializers.CharField(
        max_length=50, default="", help_text="A published version; left out, all that is accepted now."
    )


class SimulatedShareOutput(serializers.Serializer[Any]):
    payee_id = serializers.UUIDField()
    weight = serializers.CharField(help_text="Text, as it may pass 2^53.")
    amounts_minor = serializers.ListField(child=serializers.IntegerField(), help_text="After so many sales as `sales`.")


class SimulationOutput(serializers.Serializer[Any]):
    currency = serializers.CharField()
    price_minor = serializers.IntegerField()
    fee_minor = serializers.IntegerField()
    fee_bps = serializers.IntegerField()
    total_minor = serializers.IntegerField(help_text="What the buyer pays, without tax.")
    pool_minor = serializers.IntegerField(help_text="What is shared of one sale.")
    sales = serializers.ListField(child=serializers.IntegerField())
    total_weight = serializers.CharField()
    shares = SimulatedShareOutput(many=True)


class SimulationView(APIView):
    """What each payee would get from 1, 10 and 100 sales. Nothing is kept. Stewards only."""

    required_scope = "datasets:read"

    @extend_schema(parameters=[SimulationInput], responses=SimulationOutput)
    def get(self, request: Request, organization: str, slug: str) -> Response:
        dataset = dataset_for(request.user, organization, slug)
        check_can_steward(request.user, dataset)
        given = SimulationInput(data=request.query_params)
        given.is_valid(raise_exception=True)
        made = simulated_sales(dataset, **given.validated_data)
        sale = made.sale
        shares = [
            {"payee_id": payee, "weight": str(made.weights[payee]), "amounts_minor": made.shares[payee]}
            for payee in sorted(made.weights)
        ]
        facts = {
            name: getattr(sale, name) for name in ("currency", "price_minor", "fee_minor", "total_minor", "pool_minor")
        }
        facts |= {"fee_bps": settings.FEE_BPS, "sales": SALES, "total_weight": str(made.total_weight), "shares": shares}
        return Response(SimulationOutput(facts).data)
