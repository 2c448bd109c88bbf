"""Every data file of a version with an address of its own: for clients that only need HTTP."""

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from collective.accounts.api.permissions import HasScope
from collective.accounts.models import ApiKey
from collective.catalog.selectors import version_by_revision
from licensing import services
from licensing.selectors import credits_of, deliverable_dataset


class DatasetManifest(APIView):
    """The addresses work for a few minutes; ask again for new ones. Anonymous callers hear how to get a license."""

    permission_classes = (AllowAny, HasScope)
    required_scope = "download"

    @extend_schema(
        parameters=[
            OpenApiParameter("revision", str, description="main (default), a tag, a version or a commit id"),
            OpenApiParameter("action", str, description="What the files are for, as in train; 403 if not permitted."),
        ],
        responses=OpenApiTypes.OBJECT,
    )
    def get(self, request: Request, organization: str, slug: str) -> Response:
        dataset = deliverable_dataset(request.user, organization, slug)
        version = version_by_revision(dataset, request.query_params.get("revision", "main"))
        key = request.auth if isinstance(request.auth, ApiKey) else None
        action = request.query_params.get("action", "")
        manifest = services.deliver_manifest(actor=request.user, key=key, version=version, action=action)
        return Response(
            _body(manifest), headers={"Cache-Control": "private, no-store", "Referrer-Policy": "no-referrer"}
        )


def _body(manifest: services.Manifest) -> dict[str, Any]:
    version, grant = manifest.version, manifest.access.grant
    return {
        "dataset": version.dataset.repo_id,
        "version": version.number,
        "commit_id": version.commit_id,
        "manifest_sha256": version.manifest_sha256,
        "merkle_root": version.merkle_root,
        "grant": grant.urn if grant else None,
        "actions": list(grant.offer.terms_view.permitted) if grant else None,
        "attribution": grant.offer.attribution if grant else None,
        "credits": credits_of(version),
        "files": [
            {
                "path": each.path,
                "sha256": each.sha256,
                "size": each.size,
                "rows": manifest.rows[each.path],
                "url": each.url,
                "expires_at": each.expires_at,
            }
            for each in manifest.deliveries
        ],
    }
