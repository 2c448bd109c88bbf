"""Ingestion's part of /api/v1/."""

from django.urls import path

from ingestion.api import uploads, versions

app_name = "ingestion-api"
CONTRIBUTION = "contributions/<uuid:contribution_id>"
UPLOAD = "uploads/<uuid:upload_id>"

urlpatterns = [
    path(f"{CONTRIBUTION}/uploads", uploads.UploadStart.as_view(), name="upload-start"),
    path(UPLOAD, uploads.UploadDetail.as_view(), name="upload"),
    path(f"{UPLOAD}/parts", uploads.UploadParts.as_view(), name="upload-parts"),
    path(f"{UPLOAD}/complete", uploads.UploadComplete.as_view(), name="upload-complete"),
    path(f"{CONTRIBUTION}/report", versions.ContributionReport.as_view(), name="report"),
    path("datasets/<slug:organization>/<slug:slug>/versions", versions.VersionList.as_view(), name="versions"),
    path("versions/<uuid:version_id>", versions.VersionDetail.as_view(), name="version"),
    path("versions/<uuid:version_id>/retry", versions.VersionRetry.as_view(), name="version-retry"),
]
