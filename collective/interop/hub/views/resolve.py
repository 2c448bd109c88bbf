"""One file of a version. The card, the Croissant file and the manifest are public; data needs a license.

HEAD is decided like GET: clients take the address of the bytes from a HEAD and never ask here again.
"""

from io import BytesIO

from django.http import HttpResponse, HttpResponseBase
from rest_framework.request import Request

from collective.catalog.models import Dataset, DatasetVersion, VersionFile
from collective.catalog.selectors import version_file
from collective.core.storage import published
from collective.core.web.files import serve_file
from collective.core.web.ranges import answer_for
from collective.interop.hub.errors import EntryNotFoundError, StaysInDraftError, refusal
from collective.interop.hub.formats import etag, is_data
from collective.interop.hub.gate import explained
from collective.interop.hub.requests import clean_path
from collective.interop.hub.uploads.drafted import Drafted
from collective.interop.hub.views.base import HubView
from licensing.services.delivery import deliver_file, local_file
from licensing.services.entitling import check_file, check_servable

# What stays of a withdrawn version: the card, because loaders read it first and would otherwise never reach the data's
# answer, which has the reason; and the manifest, which licenses of that version are bound to.
KEPT = {"card", "manifest"}


class ResolveView(HubView):
    def get(self, request: Request, **_: str) -> HttpResponseBase:
        version = self.find_version(self.find_dataset())
        file = self._file(version)
        response = self._data(file) if is_data(file) else self._open(file)
        response.headers["X-Linked-ETag"] = f'"{etag(file)}"'
        response.headers["X-Linked-Size"] = str(file.size)
        return response

    def answer_drafted(self, dataset: Dataset, draft: Drafted) -> HttpResponseBase:
        path = self.kwargs["path"]
        file = next((each for each in draft.files if each.path == path), None)
        if file is None:
            return refusal(EntryNotFoundError(path=path, version="main", repo_id=dataset.repo_id), anonymous=False)
        if file.kind != "card" or draft.card is None:
            return refusal(StaysInDraftError(path=path), anonymous=False)
        return serve_file(self.plain_request, BytesIO(draft.card.encode()), etag=etag(file))

    def _file(self, version: DatasetVersion) -> VersionFile:
        path = clean_path(self.kwargs["path"])
        file = version_file(version, path)
        if file is None:
            raise EntryNotFoundError(path=path, version=version.tag, repo_id=version.dataset.repo_id)
        file.version = version  # the row that is already here
        return file

    def _open(self, file: VersionFile) -> HttpResponseBase:
        if file.kind not in KEPT:
            check_servable(actor=self.viewer, version=file.version)
        return serve_file(self.plain_request, published().open(file.sha256), etag=etag(file))

    def _data(self, file: VersionFile) -> HttpResponseBase:
        answer = answer_for(self.plain_request, etag=file.sha256, size=file.size)
        gives = self.request.method == "GET" and answer.describes_bytes
        local, actor = local_file(file), self.request.user
        with explained(file.version):
            if local is not None and not gives:
                # No byte and no address leaves with this answer, so nothing was given that would have to be recorded.
                check_file(actor=actor, key=self.key, file=file)
                return serve_file(self.plain_request, local, etag=file.sha256, filename=file.path)
            given = deliver_file(actor=actor, key=self.key, version=file.version, path=file.path, span=answer.span)
        if given.local_path is not None:
            return serve_file(self.plain_request, given.local_path, etag=given.sha256, filename=given.path)
        # The address must be on another host name than ours, or clients lose the headers (measured).
        return HttpResponse(status=302, headers={"Location": given.url})
