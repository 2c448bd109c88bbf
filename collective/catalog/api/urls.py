"""The catalog's part of /api/v1/."""

from django.urls import path

from collective.catalog.api import contributions, datasets

app_name = "catalog-api"
DATASET = "datasets/<slug:organization>/<slug:slug>"
CONTRIBUTION = "contributions/<uuid:contribution_id>"

urlpatterns = [
    path("datasets", datasets.DatasetList.as_view(), name="datasets"),
    path(DATASET, datasets.DatasetDetail.as_view(), name="dataset"),
    path(f"{DATASET}/contributions", contributions.ContributionStart.as_view(), name="contribution-start"),
    path("contributions", contributions.ContributionList.as_view(), name="contributions"),
    path(CONTRIBUTION, contributions.ContributionDetail.as_view(), name="contribution"),
    path(f"{CONTRIBUTION}/submit", contributions.ContributionSubmit.as_view(), name="contribution-submit"),
    path(f"{CONTRIBUTION}/accept", contributions.ContributionDecision.as_view(accept=True), name="contribution-accept"),
    path(
        f"{CONTRIBUTION}/reject", contributions.ContributionDecision.as_view(accept=False), name="contribution-reject"
    ),
    path(f"{DATASET}/revisions", datasets.RevisionList.as_view(), name="revisions"),
    path(f"{DATASET}/revisions/<str:revision>", datasets.RevisionDetail.as_view(), name="revision"),
]
