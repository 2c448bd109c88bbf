"""Datasets and their versions: list, info, refs, commits."""

import json

from django.http import HttpResponse, HttpResponseBase, JsonResponse
from rest_framework.request import Request

from collective.catalog.errors import DatasetNotFoundError
from collective.catalog.models import Dataset, DatasetVersion
from collective.core.api.pagination import CursorPagination
from collective.interop.hub import formats, listing
from collective.interop.hub.errors import NoModelsError
from collective.interop.hub.gate import explained
from collective.interop.hub.remembered import answers
from collective.interop.hub.requests import flag
from collective.interop.hub.revisions import sealed_versions
from collective.interop.hub.uploads.drafted import Drafted
from collective.interop.hub.views.base import HubView
from licensing.services.entitling import authorize
from licensing.services.seats import check_seat


class ListPage(CursorPagination):
    """`limit` is how many the client wants in all, so it may be more than a page."""

    page_size = 100
    max_page_size = 500

    def get_page_size(self, request: Request) -> int:
        asked = request.query_params.get("limit", "")
        if not (asked.isascii() and asked.isdigit()):
            return self.page_size
        # Python does not read numbers of thousands of digits; nine are more than any page.
        return min(int(asked[:9]), self.max_page_size) or 1


class DatasetListView(HubView):
    def get(self, request: Request) -> HttpResponseBase:
        page = ListPage()
        page.ordering = (listing.order(request.query_params), "-id")
        found = listing.find_datasets(self.viewer, request.query_params)
        datasets = page.paginate_queryset(found.order_by(*page.ordering), request, view=self) or []
        newest, licenses = listing.newest_of(datasets), listing.licenses_of(datasets)
        items = [formats.dataset_info(each, newest[each.pk], licenses=licenses[each.pk]) for each in datasets]
        response = JsonResponse(items, safe=False)
        if following := page.get_next_link():
            response["Link"] = f'<{following}>; rel="next"'
        return response


class DatasetInfoView(HubView):
    def get(self, request: Request, **_: str) -> HttpResponseBase:
        version = self.find_listed_version()
        licenses = listing.licenses_of([version.dataset])[version.dataset_id]
        info = formats.dataset_info(version.dataset, version, licenses=licenses)
        return HttpResponse(
            _with_siblings(info, version, blobs=flag(request.query_params, "blobs")), content_type="application/json"
        )

    def answer_drafted(self, dataset: Dataset, draft: Drafted) -> HttpResponseBase:
        listed = formats.siblings(draft.files, blobs=flag(self.request.query_params, "blobs"))
        return JsonResponse(formats.drafted_info(dataset, draft.commit, listed))


class RefsView(HubView):
    def get(self, request: Request, **_: str) -> HttpResponseBase:
        dataset = self.find_dataset()
        return JsonResponse(formats.refs(self.find_version(dataset), sealed_versions(dataset)))

    def answer_drafted(self, dataset: Dataset, draft: Drafted) -> HttpResponseBase:
        return JsonResponse(formats.drafted_refs(draft.commit))


class CommitsView(HubView):
    def get(self, request: Request, **_: str) -> HttpResponseBase:
        dataset = self.find_dataset()
        head = self.find_version(dataset)
        author = dataset.organization.slug
        reached = [each for each in sealed_versions(dataset) if _number(each) <= _number(head)]
        return JsonResponse([formats.commit(each, author=author) for each in reached], safe=False)

    def answer_drafted(self, dataset: Dataset, draft: Drafted) -> HttpResponseBase:
        return JsonResponse([], safe=False)


class AuthCheckView(HubView):
    """Whether this key may download the newest version, without a download."""

    def get(self, request: Request, **_: str) -> HttpResponseBase:
        version = self.find_version(self.find_dataset())
        with explained(version):
            authorize(actor=request.user, key=self.key, version=version, seat=check_seat)
        return JsonResponse({})


class NoSuchDatasetView(HubView):
    """A name without an organization. The client must hear it in its own words, not as a page of ours."""

    def get(self, request: Request, **_: str) -> HttpResponseBase:
        raise DatasetNotFoundError


class NoModelView(HubView):
    """A model is what clients mean when nobody tells them that it is a dataset."""

    def get(self, request: Request, **_: str) -> HttpResponseBase:
        raise NoModelsError


def _with_siblings(info: formats.Json, version: DatasetVersion, *, blobs: bool) -> bytes:
    """What may change is written now; the files of the version never do."""

    def make() -> bytes:
        return json.dumps(formats.siblings(version.files.order_by("path"), blobs=blobs)).encode()

    listed = answers.get(("siblings", version.pk, blobs), make)
    return json.dumps(info).encode()[:-1] + b', "siblings": ' + listed + b"}"


def _number(version: DatasetVersion) -> tuple[int, int, int]:
    return version.major, version.minor, version.patch
