"""The credits of a version as a file, to be kept beside the data."""

from django.conf import settings
from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.views import APIView

from collective.accounts.api.permissions import ANY_SCOPE
from collective.accounts.api.viewer import viewer_of
from collective.catalog.selectors import version_by_revision
from licensing.api.licenses import PUBLIC
from licensing.domain.attribution import credits_text
from licensing.selectors import credits_of, deliverable_dataset
from licensing.services.entitling import check_servable


class DatasetCredits(APIView):
    """Public where the dataset is: whom to credit is no secret. A version that is not served has none."""

    permission_classes = PUBLIC
    required_scope = ANY_SCOPE

    @extend_schema(
        parameters=[OpenApiParameter("revision", str, description="main (default), a tag, a version or a commit id")],
        responses={(200, "text/plain"): OpenApiTypes.STR},
    )
    def get(self, request: Request, organization: str, slug: str) -> HttpResponse:
        viewer = viewer_of(request)
        dataset = deliverable_dataset(viewer, organization, slug)
        version = version_by_revision(dataset, request.query_params.get("revision", "main"))
        check_servable(actor=viewer, version=version)
        text = credits_text(
            title=dataset.title,
            number=version.number,
            publisher=dataset.organization.name,
            url=f"{settings.SITE_URL}/datasets/{dataset.repo_id}/",
            credits_=credits_of(version),
        )
        disposition = f'attachment; filename="{dataset.slug}-{version.number}-CREDITS.txt"'
        return HttpResponse(
            text, content_type="text/plain; charset=utf-8", headers={"Content-Disposition": disposition}
        )
