"""The Celery application: one task, whose only argument is the id of a job row (`core/jobs`)."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "collective.settings.base")

app = Celery("collective")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["collective.core.jobs"], related_name="celery_bell")
