"""Notices of withdrawals: read, acknowledged and attested by licensees, followed by contributors and stewards."""

from dataclasses import asdict
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from collective.accounts.web.people import person
from collective.catalog.policies import check_can_steward
from collective.catalog.selectors import contribution_for, dataset_for
from licensing import services
from licensing.api.withdrawal_serializers import (
    AnswersOutput,
    AttestationOfDeletionInput,
    NoticeDetailOutput,
    NoticeOutput,
)
from licensing.domain.deletion import STATEMENT, STATEMENT_SHA256
from licensing.models import WithdrawalNotice
from licensing.policies import check_can_follow_withdrawal
from licensing.selectors.withdrawals import (
    answers_in,
    notice_for,
    notices_about,
    notices_of,
    notices_visible_to,
    open_notices,
)


class NoticeList(ListAPIView[WithdrawalNotice]):
    """Newest first; `?open=1` gives those that wait for an answer."""

    serializer_class = NoticeOutput
    required_scope = "licenses:read"

    def get_queryset(self) -> QuerySet[WithdrawalNotice]:
        choose = open_notices if self.request.query_params.get("open") == "1" else notices_visible_to
        return choose(self.request.user)

    @extend_schema(parameters=[OpenApiParameter("open", str, enum=["1"])])
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().get(request, *args, **kwargs)


class NoticeDetail(APIView):
    required_scope = "licenses:read"

    @extend_schema(responses=NoticeDetailOutput)
    def get(self, request: Request, notice_id: UUID) -> Response:
        return _answer(request, notice_id)


class NoticeAcknowledge(APIView):
    """The licensee has read it. Repeating it changes nothing."""

    required_scope = "licenses:attest"

    @extend_schema(request=None, responses=NoticeDetailOutput)
    def post(self, request: Request, notice_id: UUID) -> Response:
        services.acknowledge_notice(actor=person(request), notice_id=notice_id)
        return _answer(request, notice_id)


class NoticeAttest(APIView):
    """Signs for the licensee that all copies are deleted. The first attestation stays."""

    required_scope = "licenses:attest"

    @extend_schema(request=AttestationOfDeletionInput, responses=NoticeDetailOutput)
    def post(self, request: Request, notice_id: UUID) -> Response:
        given = AttestationOfDeletionInput(data=request.data)
        given.is_valid(raise_exception=True)
        services.attest_deletion(actor=person(request), notice_id=notice_id, **given.validated_data)
        return _answer(request, notice_id)


class ContributionAnswers(APIView):
    """Which licensees were told that the contribution, or records of it, were taken back; and what they answered."""

    required_scope = "upload"

    @extend_schema(responses=AnswersOutput)
    def get(self, request: Request, contribution_id: UUID) -> Response:
        contribution = contribution_for(request.user, contribution_id)
        check_can_follow_withdrawal(person(request), contribution)
        return _answers(notices_about(contribution))


class DatasetAnswers(APIView):
    """The same for everything that was taken back from a dataset. Stewards only."""

    @extend_schema(responses=AnswersOutput)
    def get(self, request: Request, organization: str, slug: str) -> Response:
        dataset = dataset_for(request.user, organization, slug)
        check_can_steward(person(request), dataset)
        return _answers(notices_of(dataset))


def _answer(request: Request, notice_id: UUID) -> Response:
    statement = {"statement": STATEMENT, "statement_sha256": STATEMENT_SHA256}
    return Response(NoticeDetailOutput(notice_for(request.user, notice_id), context=statement).data)


def _answers(notices: QuerySet[WithdrawalNotice]) -> Response:
    rows = list(notices)
    return Response(AnswersOutput({**asdict(answers_in(rows)), "licensees": rows}).data)
