"""Requests for access, from the side of the stewards: questions, rules, decisions."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from collective.accounts.api.permissions import ANY_SCOPE, HasScope
from collective.accounts.api.viewer import viewer_of
from collective.accounts.web.people import person
from collective.catalog.policies import check_can_steward
from collective.catalog.selectors import dataset_for
from licensing import services
from licensing.api.access_serializers import (
    AccessDecisionInput,
    AccessQuestionSetOutput,
    AccessQuestionsInput,
    AccessRequestDetail,
    AccessRuleInput,
    AccessRuleOutput,
    AccessTextInput,
)
from licensing.models import AccessRequest
from licensing.policies import check_can_decide_access
from licensing.selectors.access import access_request_for, current_questions, live_rules


class AccessQuestions(APIView):
    """The questions that hold now (null: none are asked); PUT asks others from now on. Stewards only."""

    required_scope = {"GET": ANY_SCOPE}

    def get_permissions(self) -> list[Any]:
        reads = self.request.method in {"GET", "HEAD"}
        return [AllowAny(), HasScope()] if reads else list(super().get_permissions())

    @extend_schema(responses=AccessQuestionSetOutput)
    def get(self, request: Request, organization: str, slug: str) -> Response:
        found = current_questions(dataset_for(viewer_of(request), organization, slug))
        return Response(AccessQuestionSetOutput(found).data if found else None)

    @extend_schema(request=AccessQuestionsInput, responses=AccessQuestionSetOutput)
    def put(self, request: Request, organization: str, slug: str) -> Response:
        dataset = dataset_for(request.user, organization, slug)
        check_can_steward(person(request), dataset)
        given = AccessQuestionsInput(data=request.data)
        given.is_valid(raise_exception=True)
        made = services.publish_questions(
            actor=person(request), dataset_id=dataset.pk, questions=given.validated_data["questions"]
        )
        return Response(AccessQuestionSetOutput(made).data)


class AccessRules(APIView):
    """Rules that approve at once, in the order in which they are tried. Stewards only."""

    @extend_schema(responses=AccessRuleOutput(many=True))
    def get(self, request: Request, organization: str, slug: str) -> Response:
        dataset = dataset_for(request.user, organization, slug)
        check_can_steward(person(request), dataset)
        return Response(AccessRuleOutput(live_rules(dataset), many=True).data)

    @extend_schema(request=AccessRuleInput, responses={201: AccessRuleOutput})
    def post(self, request: Request, organization: str, slug: str) -> Response:
        dataset = dataset_for(request.user, organization, slug)
        check_can_steward(person(request), dataset)
        given = AccessRuleInput(data=request.data)
        given.is_valid(raise_exception=True)
        made = services.add_access_rule(actor=person(request), dataset_id=dataset.pk, **given.validated_data)
        return Response(AccessRuleOutput(made).data, status.HTTP_201_CREATED)


class AccessRuleEnd(APIView):
    """A rule is never changed: end it and make another."""

    @extend_schema(request=None, responses=AccessRuleOutput)
    def post(self, request: Request, rule_id: UUID) -> Response:
        return Response(AccessRuleOutput(services.end_access_rule(actor=person(request), rule_id=rule_id)).data)


class AccessDecision(APIView):
    @extend_schema(request=AccessDecisionInput, responses=AccessRequestDetail)
    def post(self, request: Request, request_id: UUID) -> Response:
        _check_decides(request, request_id)
        given = AccessDecisionInput(data=request.data)
        given.is_valid(raise_exception=True)
        wanted = dict(given.validated_data)
        actor = person(request)
        if wanted["decision"] == "decline":
            made = services.decline_access(actor=actor, request_id=request_id, reason=wanted["reason"])
        else:
            made = services.approve_access(
                actor=actor,
                request_id=request_id,
                reason=wanted["reason"],
                expires_at=wanted["expires_at"],
                offers=[str(each) for each in wanted["offers"]],
            )
        return _answer(made)


class AccessInformation(APIView):
    """Asks the requester for more before deciding."""

    @extend_schema(request=AccessTextInput, responses=AccessRequestDetail)
    def post(self, request: Request, request_id: UUID) -> Response:
        text = _text(request, request_id)
        return _answer(services.ask_for_information(actor=person(request), request_id=request_id, text=text))


class AccessEnd(APIView):
    """Ends an approval before its time; licenses that were given stay."""

    @extend_schema(request=AccessTextInput, responses=AccessRequestDetail)
    def post(self, request: Request, request_id: UUID) -> Response:
        text = _text(request, request_id)
        return _answer(services.end_access(actor=person(request), request_id=request_id, reason=text))


def _check_decides(request: Request, request_id: UUID) -> None:
    check_can_decide_access(request.user, access_request_for(request.user, request_id))


def _text(request: Request, request_id: UUID) -> str:
    _check_decides(request, request_id)
    given = AccessTextInput(data=request.data)
    given.is_valid(raise_exception=True)
    return str(given.validated_data["text"])


def _answer(row: AccessRequest) -> Response:
    return Response(AccessRequestDetail(row).data)
