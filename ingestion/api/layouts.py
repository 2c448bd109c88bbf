"""How a dataset's records are laid out, and whether its contributions fit together. For its steward, sessions only."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from collective.accounts.policies import check_signed_in
from collective.catalog.models import Dataset
from collective.catalog.policies import check_can_steward
from collective.catalog.selectors import dataset_for
from collective.core.api import StrictSerializer
from ingestion import services
from ingestion.domain.splitting import Layout
from ingestion.pipeline.schema import columns_of
from ingestion.selectors import layout_of

SPLIT_KINDS, CONFIG_KINDS = ("none", "column", "hash", "group"), ("none", "column")


class SplitRuleInput(StrictSerializer):
    kind = serializers.ChoiceField(SPLIT_KINDS)
    column = serializers.CharField(max_length=255, required=False, allow_blank=True, trim_whitespace=False)
    shares = serializers.ListField(
        child=serializers.IntegerField(min_value=0, max_value=100),
        required=False,
        min_length=3,
        max_length=3,
        help_text="Percents for train, validation and test.",
    )


class ConfigRuleInput(StrictSerializer):
    kind = serializers.ChoiceField(CONFIG_KINDS)
    column = serializers.CharField(max_length=255, required=False, allow_blank=True, trim_whitespace=False)


class LayoutInput(StrictSerializer):
    split = SplitRuleInput()
    config = ConfigRuleInput(required=False)


class SplitRuleOutput(serializers.Serializer[Any]):
    kind = serializers.ChoiceField(SPLIT_KINDS)
    column = serializers.CharField()
    shares = serializers.ListField(child=serializers.IntegerField())


class ConfigRuleOutput(serializers.Serializer[Any]):
    kind = serializers.ChoiceField(CONFIG_KINDS)
    column = serializers.CharField()


class ShareOutput(serializers.Serializer[Any]):
    split = serializers.CharField()
    percent = serializers.IntegerField(allow_null=True)


class ProposedColumnOutput(serializers.Serializer[Any]):
    name = serializers.CharField()
    dtype = serializers.CharField()


class ConflictOutput(serializers.Serializer[Any]):
    """In the contribution `title`, the column holds `found`; in those before it, `expected`."""

    title = serializers.CharField()
    column = serializers.CharField()
    found = serializers.CharField()
    expected = serializers.CharField()


class LayoutOutput(serializers.Serializer[Any]):
    """The rules, the shares that they give of what is accepted, and the columns that all contributions share."""

    split = SplitRuleOutput()
    config = ConfigRuleOutput()
    shares = ShareOutput(many=True)
    columns = ProposedColumnOutput(many=True)
    conflicts = ConflictOutput(many=True)


class DatasetLayoutDetail(APIView):
    @extend_schema(responses=LayoutOutput)
    def get(self, request: Request, organization: str, slug: str) -> Response:
        dataset = dataset_for(request.user, organization, slug)
        check_can_steward(request.user, dataset)
        return Response(_told(dataset))

    @extend_schema(request=LayoutInput, responses=LayoutOutput)
    def put(self, request: Request, organization: str, slug: str) -> Response:
        dataset = dataset_for(request.user, organization, slug)
        given = LayoutInput(data=request.data)
        given.is_valid(raise_exception=True)
        check_can_steward(request.user, dataset)
        layout = Layout.from_json(given.validated_data)
        services.set_layout(actor=check_signed_in(request.user), dataset_id=dataset.pk, layout=layout)
        return Response(_told(dataset))


def _told(dataset: Dataset) -> dict[str, Any]:
    layout, proposal = layout_of(dataset), services.proposal_for(dataset)
    shares = services.shares_of(dataset, layout)
    columns, conflicts = columns_of(proposal.schema), proposal.conflicts
    return dict(LayoutOutput({**layout.as_json(), "shares": shares, "columns": columns, "conflicts": conflicts}).data)
