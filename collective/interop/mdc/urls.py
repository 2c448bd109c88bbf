"""The SDK's addresses: `MDC_API_URL` is the site followed by `/mdc/api`. None ends in a slash."""

from django.urls import path

from collective.interop.mdc.views.datasets import (
    DetailsView,
    DownloadView,
    FiltersView,
    SampleView,
    SchemaView,
    SearchView,
)

app_name = "mdc"

urlpatterns = [
    path("datasets", SearchView.as_view(), name="datasets"),
    path("datasets/filters", FiltersView.as_view(), name="filters"),
    path("datasets/<path:name>/download", DownloadView.as_view(), name="download"),
    path("datasets/<path:name>/sample-download", SampleView.as_view(), name="sample-download"),
    path("datasets/<path:name>", DetailsView.as_view(), name="details"),
    path("main/registry/<path:name>/schema.yaml", SchemaView.as_view(), name="schema"),
]
