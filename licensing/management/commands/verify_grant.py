"""`manage.py verify_grant grant.jws --jwks saved.json …`: needs neither the database nor a network."""

import json
import sys
from argparse import ArgumentParser
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from licensing.domain.verification import Evidence, verify


class Command(BaseCommand):
    help = "Verify a license grant offline. Prints one outcome; the exit status is 0 only for ok."
    requires_system_checks = ()
    requires_migrations_checks = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("grant", type=Path, help="the downloaded .jws")
        parser.add_argument("--jwks", type=Path, required=True, help="the saved key set")
        parser.add_argument("--issuer", default="", help="address of the instance; default: as the key set says")
        parser.add_argument("--license", type=Path, help="the saved license text")
        parser.add_argument("--manifest", type=Path, help="the saved manifest.json; default: the one in --dir")
        parser.add_argument("--dir", type=Path, help="the downloaded folder")
        parser.add_argument("--status", type=Path, help="the saved status list")
        parser.add_argument(
            "--fresh", type=_days, metavar="DAYS", help="ok only with a status list of at most this age"
        )
        parser.add_argument("--at", type=_moment, help="check for this day or time instead of now")

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            outcome = verify(_evidence(options))
        except OSError as error:
            raise CommandError(f"{error.filename} cannot be read: {error.strerror}.", returncode=2) from error
        except ValueError as error:
            raise CommandError(f"A supplied file is not JSON: {error}.", returncode=2) from error
        self.stdout.write(f"{outcome.code}: {outcome.detail}")
        if not outcome.ok:
            sys.exit(1)


def _evidence(options: dict[str, Any]) -> Evidence:
    folder, manifest = options["dir"], options["manifest"]
    manifest = manifest or (folder / "manifest.json" if folder else None)
    return Evidence(
        token=options["grant"].read_text(encoding="ascii", errors="replace").strip(),
        jwks=json.loads(options["jwks"].read_bytes()),
        at=options["at"] or timezone.now(),
        issuer=options["issuer"],
        license_text=options["license"].read_bytes() if options["license"] else None,
        manifest=json.loads(manifest.read_bytes()) if manifest else None,
        folder=folder,
        status=options["status"].read_text(encoding="ascii", errors="replace").strip() if options["status"] else None,
        fresh_days=options["fresh"],
    )


def _days(text: str) -> int:
    """Raises ValueError, which the parser tells."""
    days = int(text)
    if days < 0:
        raise ValueError("negative")
    return days


def _moment(text: str) -> datetime:
    """A day or a time; without a zone it is UTC."""
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
