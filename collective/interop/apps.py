"""The interop app."""

from django.apps import AppConfig


class InteropConfig(AppConfig):
    name = "collective.interop"
    label = "interop"
    verbose_name = "Interoperability"
