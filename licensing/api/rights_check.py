"""What a dataset could be offered under, for its stewards."""

from collections.abc import Iterable
from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from collective.accounts.web.people import person
from collective.catalog.selectors import dataset_for
from licensing import services
from licensing.domain.rights_check import Outlook, Part


class RightsCheck(APIView):
    """Each license: possible or not, who stands in the way and why, and what leaving contributions out would open."""

    @extend_schema(responses=OpenApiTypes.OBJECT)
    def get(self, request: Request, organization: str, slug: str) -> Response:
        dataset = dataset_for(request.user, organization, slug)
        rights = services.check_dataset_rights(actor=person(request), dataset=dataset)
        steps = [
            {
                "leave_out": _parts(step.parts),
                "records": step.records,
                "records_left": step.left_over,
                "opens": list(step.opens),
            }
            for step in rights.check.steps
        ]
        return Response(
            {
                "dataset": dataset.repo_id,
                "version": rights.version.number if rights.version else None,
                "records": rights.check.total,
                "licenses": [_outlook(each) for each in rights.check.outlooks],
                "steps": steps,
            }
        )


def _outlook(outlook: Outlook) -> dict[str, Any]:
    return {
        "license": outlook.license_id,
        "possible": outlook.possible,
        "records_left": outlook.left_over,
        "obstacles": [
            {
                **_part(each.part),
                "reasons": [{"code": reason.code, "reason": reason.sentence} for reason in each.reasons],
            }
            for each in outlook.obstacles
        ],
    }


def _parts(parts: Iterable[Part]) -> list[dict[str, Any]]:
    return [_part(part) for part in parts]


def _part(part: Part) -> dict[str, Any]:
    return {"contribution": str(part.id), "title": part.rights.title, "records": part.records}
