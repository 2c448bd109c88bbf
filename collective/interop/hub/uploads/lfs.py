"""Git LFS, basic transfer: how to send each object, and whether it has arrived. Bytes go to the store, not to us."""

from typing import Any

from django.http import HttpResponseBase, JsonResponse
from django.urls import reverse
from rest_framework.request import Request

from collective.core.errors import InvalidError
from collective.interop.hub.uploads import requests
from collective.interop.hub.uploads.drafts import draft_of
from collective.interop.hub.uploads.views import PushView
from ingestion.domain.parts import AnnouncedFile
from ingestion.errors import AnnouncedMissingError
from ingestion.services import announce_files, has_arrived
from ingestion.services.batches import Begun

TYPE = "application/vnd.git-lfs+json"


class LfsBatchView(PushView):
    """Clients send several hundred objects at once, and read only the address of each: no header of ours."""

    def post(self, request: Request, **_: str) -> HttpResponseBase:
        dataset, body = self.find_dataset(), requests.fields(request.body)
        if body.get("operation") != "upload":
            raise InvalidError("Files are downloaded from their resolve addresses, not through Git LFS.")
        files = [requests.announced(row) for row in requests.listed(body, "objects")]
        draft = draft_of(self.pusher, dataset)
        begun = announce_files(actor=self.pusher, contribution_id=draft.pk, files=files)
        objects = [self._told(file, each) for file, each in zip(files, begun, strict=True)]
        told = {"transfer": "basic", "hash_algo": "sha256", "objects": objects}
        return JsonResponse(told, content_type=TYPE)

    def _told(self, file: AnnouncedFile, begun: Begun) -> dict[str, Any]:
        object_ = {"oid": file.sha256, "size": file.size, "authenticated": True}
        if begun.problem is not None:
            return {**object_, "error": {"code": 422, "message": begun.problem.message}}
        if begun.request is None:
            return object_
        named = {name: self.kwargs[name] for name in ("organization", "slug")}
        verify = self.plain_request.build_absolute_uri(reverse("hub:lfs-verify", kwargs=named))
        return {**object_, "actions": {"upload": {"href": begun.request.url}, "verify": {"href": verify}}}


class LfsVerifyView(PushView):
    def post(self, request: Request, **_: str) -> HttpResponseBase:
        file = requests.announced(requests.fields(request.body))
        draft = draft_of(self.pusher, self.find_dataset())
        if not has_arrived(actor=self.pusher, contribution_id=draft.pk, file=file):
            raise AnnouncedMissingError(name=file.sha256, count=1)
        return JsonResponse({}, content_type=TYPE)
