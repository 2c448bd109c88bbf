"""Pages of the catalog. `words` is imported for what it registers."""

from django.urls import path

from collective.catalog.web import contributions, dataset, desk, pages, words  # noqa: F401 - words registers states

app_name = "catalog"
urlpatterns = [
    path("catalog/", pages.catalog, name="list"),
    path("datasets/<slug:organization>/<slug:slug>/", dataset.dataset, name="dataset"),
    path("contributions/", contributions.contributions, name="contributions"),
    path("contributions/<uuid:contribution_id>/decision/", desk.decide, name="decide"),
    path("desk/", desk.desk, name="desk"),
    path("desk/new/", desk.new_dataset, name="new"),
    path("desk/<slug:organization>/<slug:slug>/", desk.desk_dataset, name="desk_dataset"),
    path("desk/<slug:organization>/<slug:slug>/edit/", desk.edit_dataset, name="edit"),
    path("style/", pages.style, name="style"),
    path("theme/", pages.theme, name="theme"),
]
