"""“Can I combine these?” for programs. Public: the answer holds nothing but terms that the caller may read."""

from collections.abc import Iterable
from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from collective.accounts.api.permissions import ANY_SCOPE
from collective.accounts.api.viewer import viewer_of
from licensing import services
from licensing.api.compatibility_input import MergeInput, TrainInput
from licensing.api.licenses import PUBLIC
from licensing.domain.decisions import DUTIES, ENGINE, Decision, Reason
from licensing.domain.training import Held


class Merge(APIView):
    """May data from these sources be published under one license, and which licenses are possible at all?"""

    permission_classes = PUBLIC
    required_scope = ANY_SCOPE

    @extend_schema(request=MergeInput, responses=OpenApiTypes.OBJECT)
    def post(self, request: Request) -> Response:
        given = MergeInput(data=request.data)
        given.is_valid(raise_exception=True)
        wanted = given.validated_data
        merged = services.check_merge(viewer=viewer_of(request), sources=wanted["sources"], target_id=wanted["target"])
        targets = [
            {"license": each.terms.license_id, "name": each.name, "result": answer.result, **_reasons(answer.reasons)}
            for each, answer in merged.targets
        ]
        return Response(
            {
                "engine": ENGINE,
                "sources": _sources(merged.sources),
                "target": wanted["target"] or None,
                "decision": _decision(merged.decision) if merged.decision else None,
                "possible": [each.terms.license_id for each, answer in merged.targets if answer.publishable],
                "targets": targets,
            }
        )


class Train(APIView):
    """May all of these be used together for one job?"""

    permission_classes = PUBLIC
    required_scope = ANY_SCOPE

    @extend_schema(request=TrainInput, responses=OpenApiTypes.OBJECT)
    def post(self, request: Request) -> Response:
        given = TrainInput(data=request.data)
        given.is_valid(raise_exception=True)
        trained = services.check_training(
            viewer=viewer_of(request), sources=given.validated_data["sources"], job=given.as_job()
        )
        return Response(
            {"engine": ENGINE, "sources": _sources(trained.sources), "decision": _decision(trained.decision)}
        )


def _sources(sources: Iterable[Held]) -> list[dict[str, Any]]:
    return [{"source": each.terms.source, "license": each.terms.license_id, "state": each.state} for each in sources]


def _decision(decision: Decision) -> dict[str, Any]:
    return {
        "result": decision.result,
        "publishable": decision.publishable,
        **_reasons(decision.reasons),
        "duties": [
            {"source": each.source, "code": each.code, "text": DUTIES[each.code]} for each in sorted(decision.duties)
        ],
    }


def _reasons(reasons: Iterable[Reason]) -> dict[str, Any]:
    rows = [{"source": each.source, "code": each.code, "text": each.text, "result": each.result} for each in reasons]
    return {"reasons": rows}
