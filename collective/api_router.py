"""The composition root of the API: every app's routes under /api/v1/. No path ends with a slash."""

from django.urls import include, path
from drf_spectacular.views import SpectacularJSONAPIView
from rest_framework.permissions import AllowAny

urlpatterns = [
    path("", include("collective.accounts.api.urls")),
    path("", include("collective.catalog.api.urls")),
    path("", include("licensing.api.urls")),
    path("", include("ingestion.api.urls")),
    path("", include("payments.api.urls")),
    path(
        "schema", SpectacularJSONAPIView.as_view(permission_classes=[AllowAny], throttle_classes=[]), name="api-schema"
    ),
]
