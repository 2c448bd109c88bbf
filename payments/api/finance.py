"""The finance team's tasks and nightly comparisons, for operators."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from collective.accounts.policies import check_signed_in
from collective.core.api import CursorPagination, StrictSerializer
from payments.models import FinanceTask, ReconDiff, ReconRun
from payments.policies import check_is_finance
from payments.selectors.finance import recon_runs, tasks
from payments.services import close_task


class FinanceTaskOutput(serializers.ModelSerializer[FinanceTask]):
    class Meta:
        model = FinanceTask
        fields: Sequence[str] = (
            *("id", "kind", "order_id", "payee_id", "stops_payee", "facts", "opened_at", "closed_at", "note"),
        )


class CloseInput(StrictSerializer):
    note = serializers.CharField(max_length=300, help_text="What was done.")


class DifferenceOutput(serializers.ModelSerializer[ReconDiff]):
    is_resolved = serializers.SerializerMethodField(help_text="A later comparison found both sides equal.")

    class Meta:
        model = ReconDiff
        fields: Sequence[str] = (
            *("id", "kind", "reference", "currency", "called", "ledger_minor", "rail_minor", "task_id", "is_resolved"),
        )

    def get_is_resolved(self, diff: ReconDiff) -> bool:
        return diff.resolved_by_id is not None


class ReconRunOutput(serializers.ModelSerializer[ReconRun]):
    differences = DifferenceOutput(many=True)

    class Meta:
        model = ReconRun
        fields: Sequence[str] = (
            *("id", "rail", "since", "until", "started_at", "finished_at", "movements", "journals", "found"),
            *("resolved", "balances", "differences"),
        )


class FinanceTaskList(APIView):
    """All tasks, newest first; those without `closed_at` wait for somebody."""

    @extend_schema(responses=FinanceTaskOutput(many=True))
    def get(self, request: Request) -> Response:
        check_is_finance(check_signed_in(request.user))
        return _page(self, request, tasks().order_by(), FinanceTaskOutput)


class FinanceTaskClose(APIView):
    """Says what was done. Closing it again changes nothing."""

    @extend_schema(request=CloseInput, responses=FinanceTaskOutput)
    def post(self, request: Request, task_id: UUID) -> Response:
        actor = check_signed_in(request.user)
        check_is_finance(actor)
        given = CloseInput(data=request.data)
        given.is_valid(raise_exception=True)
        task = close_task(actor=actor, task_id=task_id, note=given.validated_data["note"])
        return Response(FinanceTaskOutput(task).data)


class ReconciliationList(APIView):
    """The nightly comparisons with the rail, newest first, each with the differences that it found."""

    @extend_schema(responses=ReconRunOutput(many=True))
    def get(self, request: Request) -> Response:
        check_is_finance(check_signed_in(request.user))
        return _page(self, request, recon_runs().order_by().prefetch_related("differences"), ReconRunOutput)


def _page(view: APIView, request: Request, rows: Any, output: type[serializers.BaseSerializer[Any]]) -> Response:
    pages = CursorPagination()
    page: list[Any] | None = pages.paginate_queryset(rows, request, view=view)
    return pages.get_paginated_response(output(list(page or []), many=True).data)
