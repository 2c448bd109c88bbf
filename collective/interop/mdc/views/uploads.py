"""Transfers: begin, sign one part, complete. Data and samples differ by their addresses alone."""

from uuid import UUID

from django.http import HttpResponseBase, JsonResponse
from rest_framework.request import Request

from collective.interop.mdc import parts, samples, uploads
from collective.interop.mdc.views.base import MdcView
from collective.interop.models import MdcUpload

SCOPE = "upload"


class UploadListView(MdcView):
    def post(self, request: Request) -> HttpResponseBase:
        actor, said = self.owner(SCOPE), parts.announced(request.data)
        return _begun(uploads.start_data(actor=actor, name=said.submission, announced=said))


class SampleUploadListView(MdcView):
    def post(self, request: Request, name: str) -> HttpResponseBase:
        actor, said = self.owner(SCOPE), parts.announced(request.data)
        return _begun(samples.start_sample(actor=actor, name=name, announced=said))


class UploadView(MdcView):
    """Also of a sample, whose address names its submission as well."""

    def post(self, request: Request, upload_id: UUID, name: str = "") -> HttpResponseBase:
        actor, said = self.owner(SCOPE), parts.completed(request.data)
        done = uploads.complete(actor=actor, upload_id=upload_id, said=said)
        return JsonResponse({"fileUploadId": str(done.pk), "filename": done.filename, "checksum": done.sha256})


class PartView(MdcView):
    def get(self, request: Request, upload_id: UUID, number: int, name: str = "") -> HttpResponseBase:
        return JsonResponse({"url": uploads.sign_part(actor=self.owner(SCOPE), upload_id=upload_id, number=number)})


def _begun(upload: MdcUpload) -> JsonResponse:
    return JsonResponse({"fileUploadId": str(upload.pk), "uploadId": upload.pk.hex}, status=201)
