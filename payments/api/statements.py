"""Statements of the payees that the caller owns or administers, and what everybody may check them against."""

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.generics import ListAPIView
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from collective.accounts.api.permissions import ANY_SCOPE, HasScope
from collective.core.addresses import address_of
from payments.models import Statement, StatementPeriod
from payments.selectors.proofs import proof_of
from payments.selectors.statements import issued_periods, statement_for, statements_visible_to
from payments.web.statements import as_csv, as_pdf


class StatementOutput(serializers.ModelSerializer[Statement]):
    payee = serializers.CharField(source="payee.slug")
    month = serializers.CharField(source="period.month", help_text="As in 2026-11, in UTC.")
    currency = serializers.CharField(source="period.currency")
    corrects = serializers.CharField(source="corrects.number", default="", help_text="The one that this one replaces.")
    issued_at = serializers.DateTimeField(source="period.issued_at")
    url = serializers.SerializerMethodField()

    class Meta:
        model = Statement
        fields: Sequence[str] = (
            *("number", "payee", "month", "currency", "opening_minor", "closing_minor"),
            *("corrects", "sha256", "issued_at", "url"),
        )

    def get_url(self, row: Statement) -> str:
        return address_of("payments:statement", number=row.number)


class PeriodOutput(serializers.ModelSerializer[StatementPeriod]):
    class Meta:
        model = StatementPeriod
        fields: Sequence[str] = ("month", "currency", "revision", "statement_count", "root_sha256", "issued_at")


class ProofOutput(serializers.Serializer[Any]):
    """`statement` is text; its bytes are hashed. `examples/recompute_statement.py` reads this file."""

    format = serializers.CharField()
    statement = serializers.CharField(help_text="RFC 8785, an object with opening, movements and closing.")
    sha256 = serializers.CharField()
    period = serializers.DictField(help_text="The issue: id, root_sha256, statements, issued_at.")
    position = serializers.IntegerField()
    path = serializers.ListField(help_text="To the root: pairs of the neighbor's side and its digest (RFC 6962).")
    splits = serializers.DictField(help_text="By their SHA-256: pairs of payee and weight.")
    pools = serializers.DictField(help_text="By pool: what it held in all at each division.")


class StatementList(ListAPIView[Statement]):
    serializer_class = StatementOutput
    required_scope = "earnings:read"

    def get_queryset(self) -> QuerySet[Statement]:
        return statements_visible_to(self.request.user).order_by()


class StatementProof(APIView):
    """A statement with its inclusion proof, weights and the history of its pools, to recompute it elsewhere."""

    required_scope = "earnings:read"

    @extend_schema(responses=ProofOutput)
    def get(self, request: Request, number: str) -> Response:
        return Response(proof_of(statement_for(request.user, number)))


class StatementCsv(APIView):
    required_scope = "earnings:read"

    @extend_schema(responses={(200, "text/csv"): OpenApiTypes.STR})
    def get(self, request: Request, number: str) -> HttpResponse:
        return as_csv(statement_for(request.user, number))


class StatementPdf(APIView):
    required_scope = "earnings:read"

    @extend_schema(responses={(200, "application/pdf"): OpenApiTypes.BINARY})
    def get(self, request: Request, number: str) -> HttpResponse:
        return as_pdf(statement_for(request.user, number))


class PeriodList(ListAPIView[StatementPeriod]):
    """For everybody: the root over all statements of a month and currency. It names nobody."""

    serializer_class = PeriodOutput
    permission_classes = (AllowAny, HasScope)
    required_scope = ANY_SCOPE

    def get_queryset(self) -> QuerySet[StatementPeriod]:
        return issued_periods()
