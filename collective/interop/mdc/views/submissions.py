"""Submissions: begin, describe, hand in, delete."""

from django.http import HttpResponse, HttpResponseBase, JsonResponse
from rest_framework.request import Request

from collective.interop.mdc import formats, submissions
from collective.interop.mdc.views.base import MdcView
from collective.interop.models import MdcSubmission

SCOPE = "upload"


class SubmissionListView(MdcView):
    def post(self, request: Request) -> HttpResponseBase:
        made = submissions.create_submission(actor=self.owner(SCOPE), given=request.data)
        return JsonResponse(_body(made), status=201)


class SubmissionView(MdcView):
    def patch(self, request: Request, name: str) -> HttpResponseBase:
        changed = submissions.update_submission(actor=self.owner(SCOPE), name=name, given=request.data)
        return JsonResponse(_body(changed))

    def post(self, request: Request, name: str) -> HttpResponseBase:
        handed_in = submissions.submit(actor=self.owner(SCOPE), name=name, given=request.data)
        return JsonResponse(_body(handed_in))

    def delete(self, request: Request, name: str) -> HttpResponseBase:
        submissions.delete_submission(actor=self.owner(SCOPE), name=name)
        return HttpResponse(status=204)


def _body(submission: MdcSubmission) -> formats.Json:
    contribution = submission.contribution
    return formats.submission(
        submission,
        status=submissions.status_of(submission),
        file=submissions.completed_upload(submission),
        sample=submissions.completed_sample(submission),
        submitted_at=contribution.submitted_at if contribution else None,
    )
