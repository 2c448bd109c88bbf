"""The signed links of the local store."""

from django.urls import path

from collective.core.web import storage

app_name = "storage"
urlpatterns = [
    path("parts/<str:token>", storage.receive_part, name="part"),
    path("objects/<str:token>", storage.serve_object, name="object"),
    path("objects/<str:token>/<str:name>", storage.serve_object, name="named-object"),
]
