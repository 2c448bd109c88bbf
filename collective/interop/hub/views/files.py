"""What a version holds: its tree, and single paths of it. Both never change for a commit id."""

import hashlib
import json
from typing import Any

from django.http import HttpResponse, HttpResponseBase, JsonResponse
from django.urls import reverse
from rest_framework.request import Request

from collective.catalog.models import Dataset, DatasetVersion
from collective.interop.hub import formats
from collective.interop.hub.errors import EntryNotFoundError, refusal
from collective.interop.hub.remembered import answers
from collective.interop.hub.requests import clean_path, cursor, flag, paths_wanted
from collective.interop.hub.tree import Folder, Tree
from collective.interop.hub.uploads.drafted import Drafted
from collective.interop.hub.views.base import HubView

PAGE = 1000
JSON = "application/json"
# Ends a page that is not the last one; JSON does not mind.
MORE = b"\n"


class TreeView(HubView):
    def get(self, request: Request, **_: str) -> HttpResponseBase:
        version = self.find_listed_version()
        path, query = self.kwargs.get("path", "").strip("/"), request.query_params
        recursive, expand, first = flag(query, "recursive"), flag(query, "expand"), cursor(query)
        key = ("tree", version.pk, path, recursive, expand, first)
        page = answers.get(key, lambda: _page(version, path, recursive=recursive, expand=expand, first=first))
        response = HttpResponse(page, content_type=JSON)
        if page.endswith(MORE):
            response["Link"] = f'<{self._page_url(path, first + PAGE)}>; rel="next"'
        return response

    def answer_drafted(self, dataset: Dataset, draft: Drafted) -> HttpResponseBase:
        path, tree = self.kwargs.get("path", "").strip("/"), Tree(draft.files)
        if not isinstance(tree.get(path), Folder):
            return refusal(EntryNotFoundError(path=path, version="main", repo_id=dataset.repo_id), anonymous=False)
        listed = tree.list(path, recursive=flag(self.request.query_params, "recursive"))
        return JsonResponse([formats.tree_entry(each, None, expand=False) for each in listed], safe=False)

    def _page_url(self, path: str, first: int) -> str:
        """Pinned to the commit, so that pages fit together when `main` moves between them."""
        assert self.version is not None  # noqa: S101 - set by the lookup above
        named = {**self.kwargs, "revision": self.version.commit_id, **({"path": path} if path else {})}
        query = self.request.query_params.copy()
        query["cursor"] = str(first)
        route = "hub:tree-path" if path else "hub:tree"
        return self.request.build_absolute_uri(f"{reverse(route, kwargs=named)}?{query.urlencode()}")


class PathsInfoView(HubView):
    def post(self, request: Request, **_: str) -> HttpResponseBase:
        version = self.find_listed_version()
        paths, expand = paths_wanted(request.content_type, request.body)
        asked = hashlib.sha256(_json(paths)).digest()
        key = ("paths", version.pk, asked, expand)
        found = answers.get(key, lambda: _found(version, paths, expand=expand))
        return HttpResponse(found, content_type=JSON)

    def answer_drafted(self, dataset: Dataset, draft: Drafted) -> HttpResponseBase:
        paths, _ = paths_wanted(self.request.content_type, self.request.body)
        return HttpResponse(_json(_entries(Tree(draft.files), paths, None, expand=False)), content_type=JSON)


def _page(version: DatasetVersion, path: str, *, recursive: bool, expand: bool, first: int) -> bytes:
    """Raises EntryNotFoundError, BadPathError."""
    tree = Tree(version.files.all())
    if path and not isinstance(tree.get(clean_path(path)), Folder):
        raise EntryNotFoundError(path=path, version=version.tag, repo_id=version.dataset.repo_id)
    entries = tree.list(path, recursive=recursive)
    page = [formats.tree_entry(each, version, expand=expand) for each in entries[first : first + PAGE]]
    return _json(page) + (MORE if len(entries) > first + PAGE else b"")


def _found(version: DatasetVersion, paths: list[str], *, expand: bool) -> bytes:
    return _json(_entries(Tree(version.files.all()), paths, version, expand=expand))


def _entries(tree: Tree, paths: list[str], version: DatasetVersion | None, *, expand: bool) -> list[formats.Json]:
    found = [entry for path in dict.fromkeys(paths) if path and (entry := tree.get(path))]
    return [formats.tree_entry(each, version, expand=expand) for each in found]


def _json(value: Any) -> bytes:
    return json.dumps(value).encode()
