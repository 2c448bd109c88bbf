"""How many records of a contribution resemble earlier ones, and, for the steward, which. Sessions and upload keys."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from collective.catalog.policies import can_steward
from collective.catalog.selectors import contribution_for
from ingestion.models import SimilarRecords
from ingestion.selectors import seen_earlier, similar_pairs, similar_summary

PAIRS_TOLD = 100


class SimilarPairOutput(serializers.Serializer[Any]):
    """`earlier_record_id` is null where the earlier record is in a dataset that you may not see."""

    record_id = serializers.CharField()
    earlier_record_id = serializers.CharField(allow_null=True)
    per_mille = serializers.IntegerField(help_text="Jaccard index of the texts' shingles.")
    decision = serializers.ChoiceField(["", SimilarRecords.LEFT_OUT, SimilarRecords.BOTH])


class SimilarOutput(serializers.Serializer[Any]):
    """`beyond` counts records that seem similar and are not listed; `pairs` are the first 100, for the steward."""

    is_compared = serializers.BooleanField()
    records = serializers.IntegerField()
    beyond = serializers.IntegerField()
    undecided = serializers.IntegerField()
    pairs = SimilarPairOutput(many=True)


class ContributionSimilar(APIView):
    required_scope = "upload"

    @extend_schema(responses=SimilarOutput)
    def get(self, request: Request, contribution_id: UUID) -> Response:
        contribution = contribution_for(request.user, contribution_id)
        summary = similar_summary(contribution)
        pairs: list[SimilarRecords] = []
        if can_steward(request.user, contribution.dataset):
            pairs = list(similar_pairs(contribution)[:PAIRS_TOLD])
        visible = seen_earlier(request.user, pairs)
        told = [_told(pair, is_visible=pair.pk in visible) for pair in pairs]
        return Response(SimilarOutput({**vars(summary), "pairs": told}).data)


def _told(pair: SimilarRecords, *, is_visible: bool) -> dict[str, Any]:
    return {
        "record_id": pair.later_record_id,
        "earlier_record_id": pair.earlier_record_id if is_visible else None,
        "per_mille": pair.per_mille,
        "decision": pair.decision,
    }
