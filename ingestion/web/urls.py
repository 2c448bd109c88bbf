"""Pages of ingestion. `words` is imported for what it registers."""

from django.urls import path

from ingestion.web import layouts, records, report, similar, versions, words, workspace  # noqa: F401 - words registers states

app_name = "ingestion"
DATASET = "datasets/<slug:organization>/<slug:slug>"
CONTRIBUTION = "contributions/<uuid:contribution_id>"

urlpatterns = [
    path(f"{DATASET}/contribute/", workspace.contribute, name="contribute"),
    path(f"{CONTRIBUTION}/", workspace.workspace, name="workspace"),
    path(f"{CONTRIBUTION}/files/", workspace.files, name="files"),
    path(f"{CONTRIBUTION}/check/", workspace.check, name="check"),
    path(f"{CONTRIBUTION}/report/", report.report, name="report"),
    path(f"{CONTRIBUTION}/records/", records.records, name="records"),
    path(f"{CONTRIBUTION}/similar/", similar.similar, name="similar"),
    path(f"{CONTRIBUTION}/submit/", workspace.submit, name="submit"),
    path("uploads/<uuid:upload_id>/remove/", workspace.remove, name="remove"),
    path(f"{DATASET}/layout/", layouts.layout, name="layout"),
    path(f"{DATASET}/publish/", versions.publish, name="publish"),
    path("versions/<uuid:version_id>/", versions.version, name="version"),
    path("versions/<uuid:version_id>/build/", versions.build, name="build"),
    path("versions/<uuid:version_id>/retry/", versions.retry, name="retry"),
]
