"""Ingestion's part of /api/v1/."""

from django.urls import path

from ingestion.api import batches, layouts, records, secrets, similar, uploads, versions

app_name = "ingestion-api"
DATASET = "datasets/<slug:organization>/<slug:slug>"
CONTRIBUTION = "contributions/<uuid:contribution_id>"
UPLOAD = "uploads/<uuid:upload_id>"

urlpatterns = [
    path(f"{CONTRIBUTION}/uploads", uploads.UploadList.as_view(), name="uploads"),
    path(f"{CONTRIBUTION}/uploads/summary", uploads.UploadSummary.as_view(), name="upload-summary"),
    path(f"{CONTRIBUTION}/uploads/batch", batches.BatchStart.as_view(), name="batch"),
    path(f"{CONTRIBUTION}/uploads/batch/complete", batches.BatchComplete.as_view(), name="batch-complete"),
    path(UPLOAD, uploads.UploadDetail.as_view(), name="upload"),
    path(f"{UPLOAD}/parts", uploads.UploadParts.as_view(), name="upload-parts"),
    path(f"{UPLOAD}/complete", uploads.UploadComplete.as_view(), name="upload-complete"),
    path(f"{UPLOAD}/restore", uploads.UploadRestore.as_view(), name="upload-restore"),
    path(f"{CONTRIBUTION}/report", versions.ContributionReport.as_view(), name="report"),
    path(f"{CONTRIBUTION}/similar", similar.ContributionSimilar.as_view(), name="similar"),
    path(f"{CONTRIBUTION}/records", records.ContributionRecords.as_view(), name="records"),
    path(f"{CONTRIBUTION}/records/<str:record_id>", records.ContributionRecord.as_view(), name="record"),
    path(f"{CONTRIBUTION}/acknowledge-secrets", secrets.ContributionSecrets.as_view(), name="acknowledge-secrets"),
    path(f"{DATASET}/layout", layouts.DatasetLayoutDetail.as_view(), name="layout"),
    path(f"{DATASET}/versions", versions.VersionList.as_view(), name="versions"),
    path("versions/<uuid:version_id>", versions.VersionDetail.as_view(), name="version"),
    path("versions/<uuid:version_id>/retry", versions.VersionRetry.as_view(), name="version-retry"),
]
