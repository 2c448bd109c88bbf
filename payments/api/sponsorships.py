"""Sponsorships: opened, funded and closed by sponsors; asked for and used by researchers."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from collective.accounts.policies import can_manage, check_can_manage, check_signed_in
from collective.core.addresses import full_address
from collective.core.api import StrictSerializer, idempotent
from collective.core.domain.money import CURRENCIES
from payments.models import SponsorApproval, SponsorFunding, Sponsorship
from payments.selectors.sponsoring import approvals_visible_to, budget_minor, sponsorship_for, sponsorships_visible_to
from payments.services import (
    SponsorshipTerms,
    ask_sponsor,
    close_sponsorship,
    decide_sponsor_request,
    invite_researcher,
    open_sponsorship,
    start_funding,
    withdraw_sponsor_approval,
)


def _ids() -> serializers.ListField:
    return serializers.ListField(child=serializers.UUIDField(), required=False, help_text="Any when left out.")


class SponsorshipInput(StrictSerializer):
    sponsor_id = serializers.UUIDField()
    title = serializers.CharField(max_length=150)
    about = serializers.CharField(max_length=4000, required=False)
    currency = serializers.ChoiceField(choices=list(CURRENCIES))
    most_minor = serializers.IntegerField(min_value=1, required=False, help_text="For one license, all included.")
    until = serializers.DateTimeField()
    dataset_ids = _ids()
    publisher_ids = _ids()
    license_ids = _ids()

    def terms(self) -> SponsorshipTerms:
        """Precondition: `is_valid`."""
        given = {name: value for name, value in self.validated_data.items() if name != "sponsor_id"}
        lists: dict[str, Any] = {
            name: tuple(value) if isinstance(value, list) else value for name, value in given.items()
        }
        return SponsorshipTerms(**lists)


class SponsorshipOutput(serializers.ModelSerializer[Sponsorship]):
    sponsor = serializers.CharField(source="sponsor.slug")
    budget_minor = serializers.SerializerMethodField(help_text="For its own managers; null for everybody else.")

    class Meta:
        model = Sponsorship
        fields = (
            *("id", "sponsor", "title", "about", "currency", "most_minor", "until", "state", "budget_minor"),
            *("datasets", "publishers", "licenses", "created_at", "closed_at"),
        )

    def get_budget_minor(self, row: Sponsorship) -> int | None:
        return budget_minor(row) if can_manage(self.context["request"].user, row.sponsor) else None


class ApprovalOutput(serializers.ModelSerializer[SponsorApproval]):
    researcher = serializers.CharField(source="researcher.slug")

    class Meta:
        model = SponsorApproval
        fields = ("id", "sponsorship_id", "researcher", "state", "words", "reason", "created_at", "changed_at")


class FundingInput(StrictSerializer):
    amount_minor = serializers.IntegerField(min_value=1)


class FundingOutput(serializers.ModelSerializer[SponsorFunding]):
    payment_url = serializers.SerializerMethodField(help_text="Where a person pays.")

    class Meta:
        model = SponsorFunding
        fields = ("id", "sponsorship_id", "state", "amount_minor", "payment_url", "created_at")

    def get_payment_url(self, row: SponsorFunding) -> str:
        return full_address(row.url)


class AskInput(StrictSerializer):
    """With `words` a researcher asks for their `researcher_id`; with `slug` the sponsor approves unasked."""

    researcher_id = serializers.UUIDField(required=False)
    words = serializers.CharField(max_length=2000, required=False)
    slug = serializers.SlugField(max_length=60, required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if set(attrs) not in ({"slug"}, {"researcher_id", "words"}):
            raise serializers.ValidationError("Send slug alone, or researcher_id and words.")
        return attrs


class DecisionInput(StrictSerializer):
    decision = serializers.ChoiceField(choices=["approve", "refuse", "withdraw"])
    reason = serializers.CharField(max_length=2000, required=False, default="")


class SponsorshipList(ListAPIView[Sponsorship]):
    """Open ones, and closed ones that one had to do with; POST opens one."""

    serializer_class = SponsorshipOutput
    required_scope = "purchase"

    def get_queryset(self) -> QuerySet[Sponsorship]:
        return sponsorships_visible_to(self.request.user)

    @extend_schema(request=SponsorshipInput, responses={201: SponsorshipOutput})
    @idempotent
    def post(self, request: Request) -> Response:
        given = SponsorshipInput(data=request.data)
        given.is_valid(raise_exception=True)
        actor, sponsor_id = check_signed_in(request.user), given.validated_data["sponsor_id"]
        opened = open_sponsorship(actor=actor, sponsor_id=sponsor_id, terms=given.terms())
        return Response(_output(request, opened), status.HTTP_201_CREATED)


class SponsorshipDetail(APIView):
    required_scope = "purchase"

    @extend_schema(responses=SponsorshipOutput)
    def get(self, request: Request, sponsorship_id: UUID) -> Response:
        return Response(_output(request, sponsorship_for(request.user, sponsorship_id)))


class SponsorshipClose(APIView):
    required_scope = "purchase"

    @extend_schema(request=None, responses=SponsorshipOutput)
    def post(self, request: Request, sponsorship_id: UUID) -> Response:
        closed = close_sponsorship(actor=check_signed_in(request.user), sponsorship_id=sponsorship_id)
        return Response(_output(request, closed))


class SponsorshipFund(APIView):
    required_scope = "purchase"

    @extend_schema(request=FundingInput, responses={201: FundingOutput})
    @idempotent
    def post(self, request: Request, sponsorship_id: UUID) -> Response:
        actor = check_signed_in(request.user)
        check_can_manage(actor, sponsorship_for(actor, sponsorship_id).sponsor)
        given = FundingInput(data=request.data)
        given.is_valid(raise_exception=True)
        amount = given.validated_data["amount_minor"]
        funding = start_funding(actor=actor, sponsorship_id=sponsorship_id, amount_minor=amount)
        return Response(FundingOutput(funding).data, status.HTTP_201_CREATED)


class ApprovalList(ListAPIView[SponsorApproval]):
    """The sponsor sees all, a researcher their own; POST asks, or approves without being asked."""

    serializer_class = ApprovalOutput
    required_scope = "purchase"

    def get_queryset(self) -> QuerySet[SponsorApproval]:
        sponsorship = sponsorship_for(self.request.user, self.kwargs["sponsorship_id"])
        return approvals_visible_to(self.request.user).filter(sponsorship=sponsorship)

    @extend_schema(request=AskInput, responses={201: ApprovalOutput})
    @idempotent
    def post(self, request: Request, sponsorship_id: UUID) -> Response:
        given = AskInput(data=request.data)
        given.is_valid(raise_exception=True)
        wanted = {"actor": check_signed_in(request.user), "sponsorship_id": sponsorship_id, **given.validated_data}
        made = invite_researcher(**wanted) if "slug" in wanted else ask_sponsor(**wanted)
        return Response(ApprovalOutput(made).data, status.HTTP_201_CREATED)


class ApprovalDecide(APIView):
    required_scope = "purchase"

    @extend_schema(request=DecisionInput, responses=ApprovalOutput)
    def post(self, request: Request, approval_id: UUID) -> Response:
        given = DecisionInput(data=request.data)
        given.is_valid(raise_exception=True)
        actor, decision = check_signed_in(request.user), given.validated_data["decision"]
        reason = given.validated_data["reason"]
        if decision == "withdraw":
            decided = withdraw_sponsor_approval(actor=actor, approval_id=approval_id, reason=reason)
        else:
            decided = decide_sponsor_request(
                actor=actor, approval_id=approval_id, approve=decision == "approve", reason=reason
            )
        return Response(ApprovalOutput(decided).data)


def _output(request: Request, row: Sponsorship) -> Any:
    return SponsorshipOutput(row, context={"request": request}).data
