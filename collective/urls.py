"""The composition root of the site: every app's pages and API under one roof."""

from django.urls import include, path

from collective.catalog.web import pages
from collective.core.web.health import healthz

urlpatterns = [
    path("", pages.home, name="home"),
    # Before the pages: both live under /datasets/.
    path("", include("collective.interop.urls")),
    path("healthz", healthz, name="healthz"),
    path("storage/", include("collective.core.web.urls")),
    path("api/v1/", include("collective.api_router")),
    path("account/", include("allauth.urls")),
    path("", include("collective.accounts.web.urls")),
    path("", include("collective.catalog.web.urls")),
    path("", include("licensing.web.urls")),
    path("", include("ingestion.web.urls")),
    path("", include("payments.web.urls")),
    path("operator/", include("collective.core.operator.urls")),
]

handler400 = "collective.core.web.errors.bad_request"
handler403 = "collective.core.web.errors.denied"
handler404 = "collective.core.web.errors.not_found"
handler500 = "collective.core.web.errors.server_error"
