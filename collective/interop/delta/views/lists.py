"""Shares, schemas and tables: names only of what the key's owner licensed or publishes. Each answer is one line."""

from collections.abc import Iterable

from django.http import HttpResponseBase, JsonResponse
from rest_framework.request import Request

from collective.catalog.errors import DatasetNotFoundError
from collective.catalog.models import Dataset
from collective.interop.delta.formats import Json
from collective.interop.delta.paging import Names, after, page
from collective.interop.delta.requests import page_size
from collective.interop.delta.shares import datasets_in, readable_datasets
from collective.interop.delta.tables import tables_of
from collective.interop.delta.timeline import Timeline
from collective.interop.delta.views.base import DeltaView


class ListView(DeltaView):
    def start(self) -> Names:
        return after(self.request.query_params.get("pageToken", ""), self.request.path)

    def listed(self, found: Iterable[Names], *keys: str) -> HttpResponseBase:
        """`keys` name the parts of what is found; the parts that are the same in all of it come from the address."""
        fixed = {name: self.kwargs[name] for name in ("share", "schema") if name in self.kwargs}
        size, path = page_size(self.request.query_params), self.request.path
        shown = page(found, start=self.start(), size=size, path=path)
        items: list[Json] = [{**fixed, **dict(zip(keys, names, strict=True))} for names in shown.names]
        token = {"nextPageToken": shown.token} if shown.token else {}
        return JsonResponse({"items": items, **token})

    def datasets(self) -> list[Dataset]:
        """Those of the share behind the page before. Raises DatasetNotFoundError where there is nothing to read."""
        rows = list(datasets_in(self.user, self.kwargs["share"]))
        if not rows:
            raise DatasetNotFoundError
        # Sorted here: a database may order names by another rule than pages are cut by.
        return [each for each in sorted(rows, key=lambda row: row.slug) if (each.slug,) >= self.start()[:1]]


class SharesView(ListView):
    def get(self, request: Request) -> HttpResponseBase:
        slugs = set(readable_datasets(self.user).values_list("organization__slug", flat=True))
        return self.listed(((each,) for each in sorted(slugs)), "name")


class SchemasView(ListView):
    def get(self, request: Request, **_: str) -> HttpResponseBase:
        return self.listed(((each.slug,) for each in self.datasets()), "name")


class TablesView(ListView):
    def get(self, request: Request, **_: str) -> HttpResponseBase:
        dataset = datasets_in(self.user, self.kwargs["share"]).filter(slug=self.kwargs["schema"]).first()
        if dataset is None:
            raise DatasetNotFoundError
        return self.listed(((name,) for name in self.names(dataset)), "name")

    def names(self, dataset: Dataset) -> list[str]:
        return [each.name for each in tables_of(Timeline(dataset).current(self.user).version)]


class AllTablesView(TablesView):
    def get(self, request: Request, **_: str) -> HttpResponseBase:
        found = ((each.slug, name) for each in self.datasets() for name in self.names(each))
        return self.listed(found, "schema", "name")
