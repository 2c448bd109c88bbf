"""The dataset viewer's addresses: below `/viewer`, and at the root of its own host (`hosts.py`)."""

from django.urls import path

from collective.interop.viewer import views

app_name = "viewer"

urlpatterns = [
    path("is-valid", views.IsValidView.as_view(), name="is-valid"),
    path("splits", views.SplitsView.as_view(), name="splits"),
    path("info", views.InfoView.as_view(), name="info"),
    path("parquet", views.ParquetView.as_view(), name="parquet"),
    path("size", views.SizeView.as_view(), name="size"),
    path("first-rows", views.FirstRowsView.as_view(), name="first-rows"),
    path("rows", views.RowsView.as_view(), name="rows"),
    path("statistics", views.StatisticsView.as_view(), name="statistics"),
    path("<path:rest>", views.NothingHereView.as_view(), name="nothing-here"),
]
