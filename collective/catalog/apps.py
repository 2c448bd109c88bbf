"""The catalog app."""

from django.apps import AppConfig


class CatalogConfig(AppConfig):
    name = "collective.catalog"
    label = "catalog"
    verbose_name = "Catalog"
