"""The routes of a push, in the order in which a client asks them: create, preupload, commit; and what is refused."""

import re
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_safe
from rest_framework.request import Request

from collective.accounts.models import User
from collective.catalog.models import Contribution, Dataset
from collective.catalog.selectors import contributions_visible_to
from collective.interop.hub.errors import one_line
from collective.interop.hub.uploads import requests
from collective.interop.hub.uploads.card import problems_of
from collective.interop.hub.uploads.committing import make_commit
from collective.interop.hub.uploads.creating import open_repository
from collective.interop.hub.uploads.drafted import check_is_main, commit_id
from collective.interop.hub.uploads.drafts import dataset_to_fill, pusher
from collective.interop.hub.uploads.errors import NotMainError, PullRequestError, RepositoryExistsError, XetError
from collective.interop.hub.views.base import HubView

OID = re.compile(r"[0-9a-f]{40}", re.ASCII)
NEXT = "Your files are in a draft that nobody else sees. Say where they come from, and submit them: {url}"


class PushView(HubView):
    """For keys that may upload. `pusher` is the key's owner."""

    gated = False

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        self.pusher: User = pusher(self.key)

    def find_dataset(self) -> Dataset:
        return dataset_to_fill(self.pusher, self.kwargs["organization"], self.kwargs["slug"])

    def find_main(self) -> Dataset:
        """The dataset, when the push is meant for its `main`."""
        dataset = self.find_dataset()
        if self.request.query_params.get("create_pr"):
            raise PullRequestError
        check_is_main(self.pusher, dataset, self.kwargs["revision"])
        return dataset


class CreateView(PushView):
    """With `exist_ok` clients take the address from the refusal."""

    def post(self, request: Request) -> HttpResponseBase:
        try:
            dataset = open_repository(actor=self.pusher, wanted=requests.fields(request.body))
        except RepositoryExistsError as error:
            told = {"error": error.message, "url": _page(self.plain_request, error.dataset)}
            return JsonResponse(told, status=409, headers={"X-Error-Message": one_line(error.message)})
        return JsonResponse({"url": _page(self.plain_request, dataset), "name": dataset.repo_id, "id": str(dataset.pk)})


class ValidateCardView(PushView):
    """Whether the head of a README.md is YAML. What it says is looked at by the steward."""

    def post(self, request: Request) -> HttpResponseBase:
        problems = problems_of(requests.fields(request.body).get("content"))
        told = {"errors": [{"message": each} for each in problems], "warnings": []}
        return JsonResponse(told, status=400 if problems else 200)


class PreuploadView(PushView):
    """How each file travels: the card and empty files inside the commit, all others through Git LFS."""

    def post(self, request: Request, **_: str) -> HttpResponseBase:
        self.find_main()
        paths = [requests.path_of(row) for row in requests.listed(requests.fields(request.body), "files")]
        return JsonResponse({"files": [_mode(path) for path in paths]})


class CommitView(PushView):
    """The answer of 1.33 and 2.4 prints the warning, which says what to do next."""

    def post(self, request: Request, **_: str) -> HttpResponseBase:
        dataset = self.find_main()
        commit = requests.read_commit(requests.lines_of(self.plain_request))
        draft = make_commit(actor=self.pusher, dataset=dataset, commit=commit)
        oid = commit_id(draft)
        url = f"{_page(self.plain_request, dataset)}/commit/{oid}"
        response = JsonResponse({"success": True, "commitOid": oid, "commitUrl": url, "hookOutput": _next(self, draft)})
        response["X-HF-Warning"] = f"draft; {one_line(_next(self, draft))}"
        return response


class BranchView(PushView):
    def post(self, request: Request, **_: str) -> HttpResponseBase:
        """Making `main` is no error, when it is all that the client wants."""
        check_is_main(self.pusher, self.find_dataset(), self.kwargs["revision"])
        return JsonResponse({})

    def delete(self, request: Request, **_: str) -> HttpResponseBase:
        raise NotMainError


class XetView(PushView):
    """The Xet library of 1.33 and 2.4 shows of a refusal only its address: so the address says what to do."""

    def get(self, request: Request, **_: str) -> HttpResponseBase:
        return redirect("hub:xet-refused")


class XetRefusedView(PushView):
    def get(self, request: Request) -> HttpResponseBase:
        raise XetError


@require_safe
def commit_page(request: HttpRequest, organization: str, slug: str, commit: str) -> HttpResponse:
    """Where a commit's address leads a person: to their contribution, or to the dataset of a published commit."""
    of_dataset = Contribution.objects.filter(dataset__slug=slug, dataset__organization__slug=organization)
    contribution = of_dataset.filter(pk=UUID(commit[:32])).first() if OID.fullmatch(commit) else None
    if contribution is None:
        return redirect("catalog:dataset", organization=organization, slug=slug)
    return redirect("ingestion:workspace", contribution.pk)


@require_safe
def pushed_page(request: HttpRequest, organization: str, slug: str, path: str = "") -> HttpResponse:
    """To the person's newest draft of this dataset, which is where a push has gone; else to the dataset."""
    drafts = contributions_visible_to(request.user).filter(
        dataset__slug=slug, dataset__organization__slug=organization, contributor=request.user.pk, state="draft"
    )
    newest = drafts.order_by("-created_at", "-id").first()
    if newest is None:
        return redirect("catalog:dataset", organization=organization, slug=slug)
    return redirect("ingestion:workspace", newest.pk)


def _mode(path: str) -> dict[str, Any]:
    inside = path == requests.CARD or path in requests.IGNORED
    return {"path": path, "uploadMode": "regular" if inside else "lfs", "shouldIgnore": path in requests.IGNORED}


def _page(request: HttpRequest, dataset: Dataset) -> str:
    """As the clients write it: without a slash at the end."""
    named = {"organization": dataset.organization.slug, "slug": dataset.slug}
    return request.build_absolute_uri(reverse("catalog:dataset", kwargs=named)).rstrip("/")


def _next(view: PushView, draft: Contribution) -> str:
    url = view.plain_request.build_absolute_uri(reverse("ingestion:workspace", args=[draft.pk]))
    return NEXT.format(url=url)
