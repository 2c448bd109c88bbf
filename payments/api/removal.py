"""Money back for records that withdrawals removed."""

from collections.abc import Sequence
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from collective.accounts.policies import check_signed_in
from payments.models import RefundRequest
from payments.services import refund_removed_share


class RemovalRefundOutput(serializers.ModelSerializer[RefundRequest]):
    currency = serializers.CharField(source="order.currency")
    records = serializers.IntegerField(source="whole_records")

    class Meta:
        model = RefundRequest
        fields: Sequence[str] = (
            *("id", "state", "order_id", "amount_minor", "currency", "removed_records", "records", "threshold_bps"),
            *("reason", "created_at"),
        )


class RemovalRefundView(APIView):
    """Asks back the removed share, above the license's threshold. Repeating it gives the same refund."""

    required_scope = "purchase"

    @extend_schema(request=None, responses=RemovalRefundOutput)
    def post(self, request: Request, order_id: UUID) -> Response:
        refund = refund_removed_share(actor=check_signed_in(request.user), order_id=order_id)
        return Response(RemovalRefundOutput(refund).data)
