"""Contributions: start, submit, decide."""

from uuid import UUID

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from collective.accounts.policies import check_signed_in
from collective.catalog import services
from collective.catalog.api.serializers import ContributionInput, ContributionOutput, DecisionInput
from collective.catalog.models import Contribution
from collective.catalog.selectors import contribution_for, contributions_visible_to, dataset_for
from collective.core.api import idempotent


class ContributionStart(APIView):
    required_scope = "upload"

    @extend_schema(request=ContributionInput, responses={201: ContributionOutput})
    @idempotent
    def post(self, request: Request, organization: str, slug: str) -> Response:
        dataset = dataset_for(request.user, organization, slug)
        given = ContributionInput(data=request.data)
        given.is_valid(raise_exception=True)
        contribution = services.start_contribution(
            actor=check_signed_in(request.user), dataset_id=dataset.pk, title=given.validated_data["title"]
        )
        return Response(ContributionOutput(contribution).data, status=status.HTTP_201_CREATED)


class ContributionList(ListAPIView[Contribution]):
    """One's own, and those handed in to datasets that one stewards."""

    serializer_class = ContributionOutput
    required_scope = "upload"
    filterset_fields = ("state",)

    def get_queryset(self) -> QuerySet[Contribution]:
        return contributions_visible_to(self.request.user)


class ContributionDetail(APIView):
    required_scope = "upload"

    @extend_schema(responses=ContributionOutput)
    def get(self, request: Request, contribution_id: UUID) -> Response:
        return Response(ContributionOutput(contribution_for(request.user, contribution_id)).data)


class ContributionSubmit(APIView):
    required_scope = "upload"

    @extend_schema(request=None, responses=ContributionOutput)
    def post(self, request: Request, contribution_id: UUID) -> Response:
        contribution = services.submit_contribution(
            actor=check_signed_in(request.user), contribution_id=contribution_id
        )
        return Response(ContributionOutput(contribution).data)


class ContributionDecision(APIView):
    """`accept` is set by the address. A key never decides: sessions only."""

    accept = True

    @extend_schema(request=DecisionInput, responses=ContributionOutput)
    def post(self, request: Request, contribution_id: UUID) -> Response:
        given = DecisionInput(data=request.data)
        given.is_valid(raise_exception=True)
        contribution = services.decide_contribution(
            actor=check_signed_in(request.user),
            contribution_id=contribution_id,
            accept=self.accept,
            reason=given.validated_data["reason"],
        )
        return Response(ContributionOutput(contribution).data)
