"""How the caller's payees are paid, and what was sent to them."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Q, QuerySet, Sum
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from payments.models import PayoutAccount, TransferIntent
from payments.selectors.payouts import held_until, payout_accounts_visible_to, transfers_visible_to
from payments.web.missing import missing_words


class PayoutAccountOutput(serializers.ModelSerializer[PayoutAccount]):
    """`missing` is in the payment service's own names, `missing_words` in ours, in the same order."""

    payee = serializers.CharField(source="payee.slug")
    missing = serializers.ListField(child=serializers.CharField())
    missing_words = serializers.SerializerMethodField()
    held_until = serializers.SerializerMethodField(help_text="Transfers wait until then, after a changed bank account.")

    class Meta:
        model = PayoutAccount
        fields: Sequence[str] = ("payee", "state", "country", "missing", "missing_words", "held_until", "read_at")

    def get_missing_words(self, account: PayoutAccount) -> list[str]:
        return missing_words(account.missing)

    def get_held_until(self, account: PayoutAccount) -> str | None:
        end = held_until(account)
        return end.isoformat() if end else None


class TransferOutput(serializers.ModelSerializer[TransferIntent]):
    payee = serializers.CharField(source="payee.slug")
    reversed_minor = serializers.IntegerField(help_text="What of it was taken back for a debt.")

    class Meta:
        model = TransferIntent
        fields: Sequence[str] = (
            *("id", "payee", "currency", "amount_minor", "reversed_minor", "state", "reference", "refusal"),
            *("created_at", "settled_at"),
        )


class PayoutAccountsView(APIView):
    """Payees without a row are not known to the payment service yet; a person opens the way on the web."""

    required_scope = "earnings:read"

    @extend_schema(responses=PayoutAccountOutput(many=True))
    def get(self, request: Request) -> Response:
        rows: Any = payout_accounts_visible_to(request.user).order_by("payee__name", "pk")
        return Response(PayoutAccountOutput(rows, many=True).data)


class TransferList(ListAPIView[TransferIntent]):
    """Newest first."""

    serializer_class = TransferOutput
    required_scope = "earnings:read"

    def get_queryset(self) -> "QuerySet[TransferIntent]":
        back = Sum("reversals__amount_minor", filter=Q(reversals__state="done"), default=0)
        return transfers_visible_to(self.request.user).annotate(reversed_minor=back).order_by()
