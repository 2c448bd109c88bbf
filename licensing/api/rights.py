"""Rights of a contribution: what to declare, declaring it, and taking the contribution back."""

from typing import Any
from uuid import UUID

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from collective.accounts.web.people import person
from collective.catalog.models import Contribution
from collective.catalog.selectors import contribution_for
from licensing import services
from licensing.api.languages import languages_of
from licensing.api.serializers import DeclarationInput, RecordsWithdrawalInput, RecordsWithdrawalOutput, WithdrawalInput
from licensing.domain.actions import ACTIONS
from licensing.domain.library import MATERIAL_NAMES
from licensing.models import AttestationStatement, ConsentNotice
from licensing.models.rights import PEOPLE, RIGHTS_ROLES, SOURCE_KINDS
from licensing.selectors import consent_state, current_notice, current_statement, latest_source, records_left
from licensing.selectors.consent import contribution_with
from licensing.services.derivations import sources_of


class ContributionRights(APIView):
    """GET says what can be answered and what was; PUT declares source, consent and attestation in one go."""

    required_scope = "upload"

    @extend_schema(responses=OpenApiTypes.OBJECT)
    def get(self, request: Request, contribution_id: UUID) -> Response:
        contribution = contribution_for(request.user, contribution_id)
        notice = current_notice(*languages_of(request), dataset_id=contribution.dataset_id)
        return Response({**_choices(notice), "declared": _declared(contribution)})

    @extend_schema(request=DeclarationInput, responses=OpenApiTypes.OBJECT)
    def put(self, request: Request, contribution_id: UUID) -> Response:
        given = DeclarationInput(data=request.data)
        given.is_valid(raise_exception=True)
        services.declare_rights(actor=person(request), contribution_id=contribution_id, declaration=given.declaration())
        return Response({"declared": _declared(contribution_for(request.user, contribution_id))})


class ContributionWithdraw(APIView):
    """Takes the contribution back; no reason is needed. From the answer on, nothing that holds it is delivered."""

    required_scope = "upload"

    @extend_schema(request=WithdrawalInput, responses=OpenApiTypes.OBJECT)
    def post(self, request: Request, contribution_id: UUID) -> Response:
        given = WithdrawalInput(data=request.data or {})
        given.is_valid(raise_exception=True)
        contribution = services.withdraw_contribution(
            actor=person(request), contribution_id=contribution_id, reason=given.validated_data["reason"]
        )
        return Response({"id": contribution.pk, "state": contribution.state, "withdrawn_at": contribution.withdrawn_at})


class RecordsWithdraw(APIView):
    """Takes single records back. One id that is not the contribution's, and nothing happens."""

    required_scope = "upload"

    @extend_schema(request=RecordsWithdrawalInput, responses=RecordsWithdrawalOutput)
    def post(self, request: Request, contribution_id: UUID) -> Response:
        given = RecordsWithdrawalInput(data=request.data)
        given.is_valid(raise_exception=True)
        withdrawn = services.withdraw_records(
            actor=person(request), contribution_id=contribution_id, **given.validated_data
        )
        contribution = contribution_with(request.user, contribution_id)
        told = {"state": contribution.state, "withdrawn": withdrawn, "left": records_left(contribution)}
        return Response(RecordsWithdrawalOutput(told).data)


def _choices(notice: ConsentNotice) -> dict[str, Any]:
    return {
        "notice": _wording(notice),
        "statement": _wording(current_statement()),
        "actions": [{"code": action.code, "question": action.question} for action in ACTIONS],
        "kinds": dict(SOURCE_KINDS),
        "rights_roles": dict(RIGHTS_ROLES),
        "people": dict(PEOPLE),
        "licenses": MATERIAL_NAMES,
    }


def _wording(row: ConsentNotice | AttestationStatement) -> dict[str, Any]:
    return {"version": row.version, "language": row.language, "text": row.text, "text_sha256": row.text_sha256}


def _declared(contribution: Contribution) -> dict[str, Any] | None:
    source, consent = latest_source(contribution), consent_state(contribution)
    if source is None:
        return None
    return {
        "declared_at": source.declared_at,
        "kind": source.kind,
        "description": source.description,
        "license": source.license_id,
        "derived_from": sources_of(contribution),
        "rights_role": source.rights_role,
        "url": source.url,
        "country": source.country,
        "authors": source.authors or [],
        "collected_from": source.collected_from,
        "collected_to": source.collected_to,
        "answers": consent.answers,
        "commercial": consent.commercial,
        "exclusive": consent.exclusive,
        "withdrawn": consent.withdrawn,
    }
