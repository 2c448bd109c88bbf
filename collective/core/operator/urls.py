"""Under /operator/."""

from django.urls import path

from collective.core.operator import views

app_name = "operator"
urlpatterns = [
    path("", views.console, name="console"),
    path("jobs/<uuid:job_id>/retry/", views.retry, name="retry"),
    path("mail/", views.mail_list, name="mail"),
    path("mail/<slug:letter_id>/", views.mail_letter, name="letter"),
    path("audit/", views.audit_search, name="audit"),
]
