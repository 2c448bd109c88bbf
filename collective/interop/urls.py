"""The addresses of other people's clients, and what is drawn about them on the pages of other apps."""

from django.urls import include, path

from collective.interop.web import panels  # noqa: F401 - registers

urlpatterns = [
    path("", include("collective.interop.hub.urls")),
    path("mdc/api/", include("collective.interop.mdc.urls")),
    path("delta/", include("collective.interop.delta.urls")),
    path("viewer/", include("collective.interop.viewer.urls")),
]
