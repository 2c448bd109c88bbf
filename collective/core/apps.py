"""The core app: it also loads every app's jobs, event handlers and invariants, so that names resolve everywhere."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class CoreConfig(AppConfig):
    name = "collective.core"
    label = "core"
    verbose_name = "Core"

    def ready(self) -> None:
        autodiscover_modules("tasks", "handlers", "invariants", "checks")
