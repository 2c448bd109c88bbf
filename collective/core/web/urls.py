"""The signed links of the local store. The token is in the query, which logs hide."""

from django.urls import path

from collective.core.web import storage

app_name = "storage"
urlpatterns = [
    path("parts", storage.receive_part, name="part"),
    path("unhashed", storage.receive_unhashed, name="unhashed"),
    path("objects/<str:name>", storage.serve_object, name="object"),
]
