"""The sample app: no models, one command."""

from django.apps import AppConfig


class SampleConfig(AppConfig):
    name = "collective.sample"
    label = "sample"
    verbose_name = "Sample marketplace"
