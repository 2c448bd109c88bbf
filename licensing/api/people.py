"""The people in a contribution: who they are (pseudonyms), bringing in their answers, and links for them."""

from typing import Any
from uuid import UUID

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from collective.accounts.web.people import person
from collective.catalog.selectors import contribution_for
from collective.core.addresses import address_of
from licensing import services
from licensing.api.consent_input import ConsentTableInput, ProofInput
from licensing.domain.hashing import bytes_sha256
from licensing.policies import check_can_see_people
from licensing.selectors.answerers import guardians_in
from licensing.selectors.consent import Party, parties_of


class People(APIView):
    """GET lists the pseudonyms and what each allowed; POST brings in a table of answers, whole or not at all."""

    required_scope = "upload"
    parser_classes = (MultiPartParser,)

    @extend_schema(responses=OpenApiTypes.OBJECT)
    def get(self, request: Request, contribution_id: UUID) -> Response:
        contribution = contribution_for(request.user, contribution_id)
        check_can_see_people(request.user, contribution)
        people = [_shown(each) for each in parties_of([contribution.pk])[contribution.pk]]
        return Response({"people": people, "guardians": [each.pk for each in guardians_in(contribution)]})

    @extend_schema(request={"multipart/form-data": ConsentTableInput}, responses=OpenApiTypes.OBJECT)
    def post(self, request: Request, contribution_id: UUID) -> Response:
        given = ConsentTableInput(data=request.data)
        given.is_valid(raise_exception=True)
        sent = ((each.name or "", each.read()) for each in given.validated_data["evidence"])
        table = given.validated_data["table"].read()
        made = services.import_consents(
            actor=person(request),
            contribution_id=contribution_id,
            table=table,
            evidence=sent,
        )
        return Response({"id": made.pk, "rows": made.rows, "people": made.people, "file_sha256": bytes_sha256(table)})


class PersonProof(APIView):
    """One file that proves what a person answered."""

    required_scope = "upload"
    parser_classes = (MultiPartParser,)

    @extend_schema(request={"multipart/form-data": ProofInput}, responses={201: OpenApiTypes.OBJECT})
    def post(self, request: Request, contribution_id: UUID, person_id: UUID) -> Response:
        given = ProofInput(data=request.data)
        given.is_valid(raise_exception=True)
        file = given.validated_data["file"]
        made = services.attach_evidence(
            actor=person(request),
            contribution_id=contribution_id,
            person_id=person_id,
            name=file.name or "",
            content=file.read(),
            kind=given.validated_data["kind"],
        )
        return Response({"id": made.pk, "kind": made.kind, "sha256": made.sha256}, status=status.HTTP_201_CREATED)


class PersonClaim(APIView):
    """A link for a person in it, to be handed to them. It lives 30 days."""

    required_scope = "upload"

    @extend_schema(request=None, responses=OpenApiTypes.OBJECT)
    def post(self, request: Request, contribution_id: UUID, person_id: UUID) -> Response:
        contribution = contribution_for(request.user, contribution_id)
        claim = services.claim_of(actor=person(request), contribution=contribution, person_id=person_id)
        url = address_of("licensing:claim", claim=claim)
        return Response({"claim": claim, "url": url})


def _shown(party: Party) -> dict[str, Any]:
    subject, state = party.subject, party.state
    return {
        "person": party.person_id,
        "role": subject.role if subject else "contributor",
        "records": subject.record_count if subject and not subject.is_whole else "all",
        "given": state.given,
        "withdrawn": state.withdrawn,
        "allowed": [code for code, answer in state.answers.items() if answer == "given"],
        "assurance": state.assurance,
        "guardian": state.guarded,
        "asked": state.asked,
    }
