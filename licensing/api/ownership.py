"""Claims of ownership, and what licensees are told of them."""

from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.generics import ListAPIView
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from collective.accounts.api.permissions import ANY_SCOPE, HasScope
from collective.accounts.policies import check_signed_in
from collective.accounts.web.limits import is_within_limit
from collective.catalog.selectors import dataset_for
from collective.core.api import StrictSerializer
from licensing import services
from licensing.domain.ownership import ADVICE, indemnity_of
from licensing.errors import OwnershipClaimsLimitError
from licensing.models import GrantHold, OwnershipClaim, OwnershipClaimEvent
from licensing.selectors import grant_for
from licensing.selectors.ownership import claim_for, claims_visible_to, ownership_holds
from licensing.services import Claimed

WORDS_MAX = 5000
STEPS: dict[str, Callable[..., OwnershipClaim]] = {
    "uphold": services.uphold_claim,
    "reject": services.reject_claim,
    "withdraw": services.withdraw_claim,
    "take_out": services.take_out_claimed,
}


class ClaimInput(StrictSerializer):
    name = serializers.CharField(max_length=150)
    email = serializers.EmailField()
    what = serializers.CharField(max_length=WORDS_MAX)
    why = serializers.CharField(max_length=WORDS_MAX)
    evidence = serializers.CharField(max_length=WORDS_MAX, help_text="Where it can be checked.")
    contribution_id = serializers.UUIDField(required=False, help_text="Left out: the whole dataset.")


class ReviewInput(StrictSerializer):
    contribution_id = serializers.UUIDField(required=False)


class DecisionInput(StrictSerializer):
    decision = serializers.ChoiceField(choices=sorted(STEPS))
    reason = serializers.CharField(max_length=WORDS_MAX, required=False, allow_blank=True, default="")


class ClaimEventOutput(serializers.ModelSerializer[OwnershipClaimEvent]):
    class Meta:
        model = OwnershipClaimEvent
        fields: Sequence[str] = ("kind", "reason", "at")


class ClaimOutput(serializers.ModelSerializer[OwnershipClaim]):
    dataset = serializers.CharField(source="dataset.repo_id")
    contribution_id = serializers.UUIDField(allow_null=True)
    events = serializers.SerializerMethodField()

    class Meta:
        model = OwnershipClaim
        fields: Sequence[str] = (
            *("id", "dataset", "contribution_id", "state", "name", "email", "what", "why", "evidence"),
            *("filed_at", "events"),
        )

    @extend_schema(responses=ClaimEventOutput(many=True))
    def get_events(self, row: OwnershipClaim) -> list[dict[str, Any]]:
        return list(ClaimEventOutput(row.events.order_by("at", "id"), many=True).data)


class FiledOutput(serializers.Serializer[OwnershipClaim]):
    id = serializers.UUIDField()
    state = serializers.CharField()


class HoldOutput(serializers.ModelSerializer[GrantHold]):
    class Meta:
        model = GrantHold
        fields: Sequence[str] = ("reason", "placed_at", "lifted_at")


class GrantClaimsOutput(serializers.Serializer[Any]):
    holds = HoldOutput(many=True)
    advice = serializers.ListField(child=serializers.CharField(), help_text="What to do as long as one stands.")
    indemnity = serializers.CharField(help_text="The license's own words; empty where it promises nothing.")


class DatasetClaims(APIView):
    """Anybody who sees the dataset may say that data in it is theirs, also without an account."""

    permission_classes: Sequence[Any] = (AllowAny, HasScope)
    required_scope = ANY_SCOPE

    @extend_schema(request=ClaimInput, responses={201: FiledOutput})
    def post(self, request: Request, organization: str, slug: str) -> Response:
        given = ClaimInput(data=request.data)
        given.is_valid(raise_exception=True)
        if not is_within_limit(request, "ownership_claim"):
            raise OwnershipClaimsLimitError
        said = dict(given.validated_data)
        part = said.pop("contribution_id", None)
        claim = services.file_claim(
            actor=request.user,
            dataset_id=dataset_for(request.user, organization, slug).pk,
            claimed=Claimed(**said),
            contribution_id=part,
        )
        return Response(FiledOutput(claim).data, status.HTTP_201_CREATED)


class ClaimList(ListAPIView[OwnershipClaim]):
    """One's own, those about datasets one stewards, and all for operators; the newest first."""

    serializer_class = ClaimOutput
    required_scope = "datasets:read"

    def get_queryset(self) -> QuerySet[OwnershipClaim]:
        return claims_visible_to(self.request.user)


class ClaimDetail(APIView):
    required_scope = "datasets:read"

    @extend_schema(responses=ClaimOutput)
    def get(self, request: Request, claim_id: UUID) -> Response:
        return Response(ClaimOutput(claim_for(request.user, claim_id)).data)


class ClaimReview(APIView):
    """Looks into it, and may say which contribution it is about."""

    @extend_schema(request=ReviewInput, responses=ClaimOutput)
    def post(self, request: Request, claim_id: UUID) -> Response:
        given = ReviewInput(data=request.data)
        given.is_valid(raise_exception=True)
        actor = check_signed_in(request.user)
        return Response(ClaimOutput(services.review_claim(actor=actor, claim_id=claim_id, **given.validated_data)).data)


class ClaimDecision(APIView):
    """`uphold` stops everything, `take_out` replaces what is claimed, `reject` and `withdraw` let it go on."""

    @extend_schema(request=DecisionInput, responses=ClaimOutput)
    def post(self, request: Request, claim_id: UUID) -> Response:
        given = DecisionInput(data=request.data)
        given.is_valid(raise_exception=True)
        act = STEPS[given.validated_data["decision"]]
        actor = check_signed_in(request.user)
        return Response(ClaimOutput(act(actor=actor, claim_id=claim_id, reason=given.validated_data["reason"])).data)


class GrantClaims(APIView):
    """Claims that suspended this license. Who claims is not told to licensees."""

    required_scope = "licenses:read"

    @extend_schema(responses=GrantClaimsOutput)
    def get(self, request: Request, grant_id: UUID) -> Response:
        grant = grant_for(request.user, grant_id)
        told = {"holds": ownership_holds(grant), "advice": ADVICE, "indemnity": indemnity_of(grant.offer.terms)}
        return Response(GrantClaimsOutput(told).data)
