"""`manage.py load_licenses`: bring the shipped texts into the database. Running it again changes nothing."""

from typing import Any

from django.core.management.base import BaseCommand

from licensing.services.library import load_library


class Command(BaseCommand):
    help = "Load the licenses, the consent notice and the attestation that the code ships with."

    def handle(self, *_args: Any, **_options: Any) -> None:
        added = load_library()
        self.stdout.write(f"{added} new texts loaded.")
