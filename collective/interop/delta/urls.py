"""Delta Sharing's addresses, below `/delta`, which is the endpoint of a profile."""

from django.urls import path

from collective.interop.delta.views.base import NothingHereView
from collective.interop.delta.views.lists import AllTablesView, SchemasView, SharesView, TablesView
from collective.interop.delta.views.profile import ProfileView
from collective.interop.delta.views.tables import MetadataView, QueryView, VersionView

app_name = "delta"
SHARE = "shares/<str:share>"
TABLE = f"{SHARE}/schemas/<str:schema>/tables/<str:table>"

urlpatterns = [
    path("profile", ProfileView.as_view(), name="profile"),
    path("shares", SharesView.as_view(), name="shares"),
    path(f"{SHARE}/schemas", SchemasView.as_view(), name="schemas"),
    path(f"{SHARE}/all-tables", AllTablesView.as_view(), name="all-tables"),
    path(f"{SHARE}/schemas/<str:schema>/tables", TablesView.as_view(), name="tables"),
    path(f"{TABLE}/version", VersionView.as_view(), name="version"),
    path(f"{TABLE}/metadata", MetadataView.as_view(), name="metadata"),
    path(f"{TABLE}/query", QueryView.as_view(), name="query"),
    path("<path:rest>", NothingHereView.as_view(), name="nothing-here"),
]
