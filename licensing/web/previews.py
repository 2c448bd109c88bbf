"""The clips and thumbnails that a dataset's page shows."""

from django.http import HttpRequest, HttpResponseBase
from django.views.decorators.http import require_safe

from collective.catalog.selectors import dataset_for, version_by_revision
from collective.core.web.files import serve_file
from licensing.services.delivery import deliver_sample

# Asked for again each time, so that it is gone from every screen when it is withdrawn.
HEADERS = {"Content-Disposition": "inline", "Cache-Control": "private, no-cache"}


@require_safe
def preview_sample(request: HttpRequest, organization: str, slug: str, number: str, sha256: str) -> HttpResponseBase:
    version = version_by_revision(dataset_for(request.user, organization, slug), number)
    sample = deliver_sample(actor=request.user, version=version, sha256=sha256)
    return serve_file(
        request, sample.content, etag=sample.sha256, headers={**HEADERS, "Content-Type": sample.media_type}
    )
