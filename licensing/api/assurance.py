"""How well it is proven that the people in a dataset agreed, for buyers."""

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from collective.accounts.api.permissions import ANY_SCOPE
from collective.accounts.api.viewer import viewer_of
from collective.catalog.selectors import dataset_for, latest_version
from licensing.api.licenses import PUBLIC
from licensing.domain.consent import ASSURANCE
from licensing.selectors import assurance_of


class DatasetAssurance(APIView):
    """A to D of the newest version: the weakest proof of anybody in it. D cannot be licensed."""

    permission_classes = PUBLIC
    required_scope = ANY_SCOPE

    @extend_schema(responses=OpenApiTypes.OBJECT)
    def get(self, request: Request, organization: str, slug: str) -> Response:
        version = latest_version(dataset_for(viewer_of(request), organization, slug))
        if version is None:
            return Response({"version": None, "assurance": None, "meaning": None})
        level = assurance_of(version)
        return Response({"version": version.number, "assurance": level, "meaning": ASSURANCE[level]})
