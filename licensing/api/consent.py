"""What a person allowed: reading it, changing it, taking it back, and a receipt of each answer."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from collective.accounts.web.people import person
from collective.catalog.models import Contribution
from licensing import services
from licensing.api.consent_input import AnswersInput, ClaimInput, WardWithdrawalInput
from licensing.api.languages import languages_of
from licensing.api.serializers import WithdrawalInput
from licensing.models import ConsentNotice
from licensing.selectors import current_notice
from licensing.selectors.consent import contributions_with, event_for
from licensing.selectors.overview import Overview, overview_of
from licensing.selectors.receipts import receipt_of


class ConsentList(APIView):
    """Everything that this account gave or is in, and everybody whom it answers for as guardian."""

    required_scope = "upload"

    @extend_schema(responses=OpenApiTypes.OBJECT)
    def get(self, request: Request) -> Response:
        actor = person(request)
        wards = [
            {"person": each.person.pk, "name": each.name, "contributions": _listed(each.contributions)}
            for each in services.wards_of(actor)
        ]
        return Response({"contributions": _listed(contributions_with(actor)), "wards": wards})


class ConsentDetail(APIView):
    """GET says what was allowed and where it is; PUT is a new answer, which counts at once.

    Under `wards/{person}` a guardian does the same for somebody who is not of age.
    """

    required_scope = "upload"

    @extend_schema(responses=OpenApiTypes.OBJECT)
    def get(self, request: Request, contribution_id: UUID, person_id: UUID | None = None) -> Response:
        found = _overview(request, contribution_id, person_id)
        notice = current_notice(*languages_of(request), dataset_id=found.contribution.dataset_id)
        return Response({**_shown(found), "notice": notice_json(notice)})

    @extend_schema(request=AnswersInput, responses=OpenApiTypes.OBJECT)
    def put(self, request: Request, contribution_id: UUID, person_id: UUID | None = None) -> Response:
        given = AnswersInput(data=request.data)
        given.is_valid(raise_exception=True)
        services.change_consent(
            actor=person(request), contribution_id=contribution_id, answers=given.answers(), ward=person_id
        )
        return Response(_shown(_overview(request, contribution_id, person_id)))


class ConsentWithdrawal(APIView):
    """Takes everything back; no reason is needed. What was earned stays earned. A guardian: a minor's."""

    required_scope = "upload"

    @extend_schema(request=WithdrawalInput, responses=OpenApiTypes.OBJECT)
    def post(self, request: Request, person_id: UUID | None = None) -> Response:
        given = WithdrawalInput(data=request.data or {})
        given.is_valid(raise_exception=True)
        reason = given.validated_data["reason"]
        done = services.withdraw_everything(actor=person(request), reason=reason, ward=person_id)
        return Response({"contributions": done})


class WardWithdrawal(APIView):
    """A guardian takes a minor's records in one contribution back: all of them, or those that are named."""

    required_scope = "upload"

    @extend_schema(request=WardWithdrawalInput, responses=OpenApiTypes.OBJECT)
    def post(self, request: Request, contribution_id: UUID, person_id: UUID) -> Response:
        given = WardWithdrawalInput(data=request.data or {})
        given.is_valid(raise_exception=True)
        wanted, reason = given.validated_data["record_ids"], given.validated_data["reason"]
        who: dict[str, Any] = {"actor": person(request), "contribution_id": contribution_id, "ward": person_id}
        if wanted is None:
            services.withdraw_contribution(**who, reason=reason)
        else:
            services.withdraw_records(**who, record_ids=wanted, reason=reason)
        return Response(_shown(_overview(request, contribution_id, person_id)))


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


def _listed(rows: Iterable[Contribution]) -> list[dict[str, Any]]:
    return [{"id": row.pk, "title": row.title, "dataset": row.dataset.repo_id, "state": row.state} for row in rows]


def _overview(request: Request, contribution_id: UUID, ward: UUID | None) -> Overview:
    answerer = services.answerer_for(person(request), ward)
    return overview_of(answerer, answerer.contribution(contribution_id))


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
