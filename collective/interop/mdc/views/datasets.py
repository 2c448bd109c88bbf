"""Datasets: search, filters, details, downloads, and how to load what was downloaded."""

from django.http import HttpResponse, HttpResponseBase, JsonResponse
from rest_framework.exceptions import NotAuthenticated
from rest_framework.request import Request

from collective.catalog.models import DatasetVersion
from collective.interop.mdc import finding, formats, listing
from collective.interop.mdc.archive.contents import data_layout
from collective.interop.mdc.schema import as_yaml, loader_schema
from collective.interop.mdc.sessions import open_download, open_sample
from collective.interop.mdc.views.base import MdcView
from collective.interop.mdc.vocabulary import mdc_task


class _DatasetView(MdcView):
    def find_version(self) -> DatasetVersion:
        return finding.newest_version(finding.dataset_named(self.kwargs["name"]))


class SearchView(MdcView):
    def get(self, request: Request) -> HttpResponseBase:
        found = listing.find_datasets(request.query_params)
        first, limit = listing.page_of(request.query_params)
        versions = listing.newest_of(list(found[first : first + limit]))
        items = [formats.details(each) for each in finding.shown(versions)]
        return JsonResponse({"items": items, "total": found.count()})


class FiltersView(MdcView):
    def get(self, request: Request) -> HttpResponseBase:
        return JsonResponse(listing.filters())


class DetailsView(_DatasetView):
    """Without a key, so that a hidden dataset tells whoever knows its id only what a download needs.

    Checksum and size are those of the archive that a session gives; until that is made, both are null here, and the
    session says how far it is.
    """

    throttle_scope = "mdc"  # every worker of a job asks, without a key, from one address

    def get(self, request: Request, name: str) -> HttpResponseBase:
        version = self.find_version()
        finding.check_told(version)
        (shown,) = finding.shown([version])
        listed = finding.is_listed(version.dataset)
        return JsonResponse(formats.details(shown) if listed else formats.unlisted_details(shown))


class DownloadView(_DatasetView):
    def post(self, request: Request, name: str) -> HttpResponseBase:
        version = self.find_version()
        delivery, record = open_download(actor=request.user, key=self.key, version=version)
        token = str(record.pk)
        return JsonResponse(formats.session(delivery, checksum=True, accessRecordId=token, downloadToken=token))


class SampleView(_DatasetView):
    def post(self, request: Request, name: str) -> HttpResponseBase:
        if self.key is None:
            raise NotAuthenticated
        delivery = open_sample(actor=request.user, version=self.find_version())
        return JsonResponse(formats.session(delivery, checksum=False))


class SchemaView(_DatasetView):
    """Where users point `datacollective.schema.SCHEMA_REGISTRY_RAW_BASE_URL`; asked for without a key."""

    throttle_scope = "mdc"

    def get(self, request: Request, name: str) -> HttpResponseBase:
        version = self.find_version()
        finding.check_told(version)
        dataset = version.dataset
        schema = loader_schema(data_layout(version), dataset_id=str(dataset.pk), task=mdc_task(dataset.task))
        return HttpResponse(as_yaml(schema), content_type="text/yaml; charset=utf-8")
