"""The SDK's addresses: `MDC_API_URL` is the site followed by `/mdc/api`. None ends in a slash."""

from django.urls import path

from collective.interop.mdc.views.base import NothingHereView
from collective.interop.mdc.views.datasets import (
    DetailsView,
    DownloadView,
    FiltersView,
    SampleView,
    SchemaView,
    SearchView,
)
from collective.interop.mdc.views.submissions import SubmissionListView, SubmissionView
from collective.interop.mdc.views.uploads import PartView, SampleUploadListView, UploadListView, UploadView

app_name = "mdc"

urlpatterns = [
    path("datasets", SearchView.as_view(), name="datasets"),
    path("datasets/filters", FiltersView.as_view(), name="filters"),
    path("datasets/<path:name>/download", DownloadView.as_view(), name="download"),
    path("datasets/<path:name>/sample-download", SampleView.as_view(), name="sample-download"),
    path("datasets/<path:name>", DetailsView.as_view(), name="details"),
    path("submissions", SubmissionListView.as_view(), name="submissions"),
    path("submissions/<str:name>", SubmissionView.as_view(), name="submission"),
    path("submissions/<str:name>/sample", SampleUploadListView.as_view(), name="samples"),
    path("submissions/<str:name>/sample/<uuid:upload_id>", UploadView.as_view(), name="sample"),
    path("submissions/<str:name>/sample/<uuid:upload_id>/parts/<int:number>", PartView.as_view(), name="sample-part"),
    path("uploads", UploadListView.as_view(), name="uploads"),
    path("uploads/<uuid:upload_id>", UploadView.as_view(), name="upload"),
    path("uploads/<uuid:upload_id>/parts/<int:number>", PartView.as_view(), name="part"),
    path("main/registry/<path:name>/schema.yaml", SchemaView.as_view(), name="schema"),
    path("<path:rest>", NothingHereView.as_view(), name="nothing-here"),
]
