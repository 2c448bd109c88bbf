"""What a person allowed: reading it, changing it, taking it back, and a receipt of each answer."""

from typing import Any
from uuid import UUID

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from collective.accounts.web.people import person
from licensing import services
from licensing.api.consent_input import AnswersInput, ClaimInput
from licensing.api.languages import languages_of
from licensing.api.serializers import WithdrawalInput
from licensing.models import ConsentNotice
from licensing.selectors import current_notice
from licensing.selectors.consent import contribution_with, contributions_with, event_for
from licensing.selectors.overview import Overview, overview_of
from licensing.selectors.receipts import receipt_of


class ConsentList(APIView):
    """Everything that this account gave or is in."""

    required_scope = "upload"

    @extend_schema(responses=OpenApiTypes.OBJECT)
    def get(self, request: Request) -> Response:
        rows = contributions_with(person(request))
        return Response(
            {
                "contributions": [
                    {"id": row.pk, "title": row.title, "dataset": row.dataset.repo_id, "state": row.state}
                    for row in rows
                ]
            }
        )


class ConsentDetail(APIView):
    """GET says what was allowed and where it is; PUT is a new answer, which counts at once."""

    required_scope = "upload"

    @extend_schema(responses=OpenApiTypes.OBJECT)
    def get(self, request: Request, contribution_id: UUID) -> Response:
        actor = person(request)
        found = overview_of(actor, contribution_with(actor, contribution_id))
        notice = current_notice(*languages_of(request), dataset_id=found.contribution.dataset_id)
        return Response({**_shown(found), "notice": notice_json(notice)})

    @extend_schema(request=AnswersInput, responses=OpenApiTypes.OBJECT)
    def put(self, request: Request, contribution_id: UUID) -> Response:
        given = AnswersInput(data=request.data)
        given.is_valid(raise_exception=True)
        actor = person(request)
        services.change_consent(actor=actor, contribution_id=contribution_id, answers=given.answers())
        return Response(_shown(overview_of(actor, contribution_with(actor, contribution_id))))


class ConsentWithdrawal(APIView):
    """Takes everything back; no reason is needed. What was earned stays earned."""

    required_scope = "upload"

    @extend_schema(request=WithdrawalInput, responses=OpenApiTypes.OBJECT)
    def post(self, request: Request) -> Response:
        given = WithdrawalInput(data=request.data or {})
        given.is_valid(raise_exception=True)
        done = services.withdraw_everything(actor=person(request), reason=given.validated_data["reason"])
        return Response({"contributions": done})


class Receipt(APIView):
    required_scope = "upload"

    @extend_schema(responses=OpenApiTypes.OBJECT)
    def get(self, request: Request, event_id: UUID) -> Response:
        return Response(receipt_of(event_for(person(request), event_id)))


class Claims(APIView):
    """Links the records of a person whom a provider recorded to this account."""

    required_scope = "upload"

    @extend_schema(request=ClaimInput, responses=OpenApiTypes.OBJECT)
    def post(self, request: Request) -> Response:
        given = ClaimInput(data=request.data)
        given.is_valid(raise_exception=True)
        claimed = services.claim_person(actor=person(request), claim=given.validated_data["claim"])
        return Response({"person": claimed.urn})


def notice_json(row: ConsentNotice) -> dict[str, Any]:
    return {
        "of": "dataset" if row.dataset_id else "instance",
        "version": row.version,
        "language": row.language,
        "text": row.text,
        "text_sha256": row.text_sha256,
        "asks": list(row.asked),
        "grace_days": row.grace_days,
        "published_at": row.published_at,
    }


def _shown(found: Overview) -> dict[str, Any]:
    state = found.state
    return {
        "id": found.contribution.pk,
        "title": found.contribution.title,
        "dataset": found.contribution.dataset.repo_id,
        "consent": found.standing.consent,
        "copyright": {"kind": found.standing.copyright, "sentence": found.standing.sentence},
        "answers": state.answers,
        "commercial": state.commercial,
        "exclusive": state.exclusive,
        "territory": list(state.territory),
        "assurance": state.assurance,
        "versions": [{"version": row.number, "state": row.state} for row in found.versions],
        "licenses": [{"license": row.license.name, "state": row.state, "since": row.issued_at} for row in found.grants],
        "records_gone_with_others": found.gone_with_others,
        "receipts": [{"id": row.pk, "kind": row.kind, "at": row.at} for row in found.events],
    }
