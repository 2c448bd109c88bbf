"""`manage.py publish_license LICENSE_ID VERSION FILE [--language TAG]`: a license in new words, under its terms."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from collective.core.errors import DomainError
from licensing.services.license_texts import publish_license_text


class Command(BaseCommand):
    help = "Publish a new version of a license's text. Licenses that were given keep the text that was accepted."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("license_id", help="SPDX id or LicenseRef.")
        parser.add_argument("version", help="A number that was not used before, as in 1.1.")
        parser.add_argument("file", type=Path, help="UTF-8 text.")
        parser.add_argument("--language", default="en", help="Of a translation beside the English text of VERSION.")

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            made = publish_license_text(
                actor=None,
                license_id=options["license_id"],
                version=options["version"],
                text=options["file"].read_bytes(),
                language=options["language"],
            )
        except DomainError as refusal:
            raise CommandError(refusal.message) from None
        self.stdout.write(f"Published {made.license_id} {made.version} ({made.language}), {made.text_sha256}.")
