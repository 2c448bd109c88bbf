"""`manage.py quota ORGANIZATION [LIMIT --reason WHY]`: what an organization holds in uploads, and may hold."""

import re
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from collective.accounts.models import Organization
from collective.core.web.sizes import bytes_text
from ingestion.models import StorageQuota
from ingestion.services import set_quota
from ingestion.services.quotas import limit_of

UNITS = {"": 1, "MB": 10**6, "GB": 10**9, "TB": 10**12}


class Command(BaseCommand):
    help = "Shows what an organization holds in uploads and may hold, or sets another limit for it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("organization", help="the last part of its address, such as commons")
        parser.add_argument("limit", nargs="?", default="", help="such as 500GB, or default for the site's own")
        parser.add_argument("--reason", default="", help="why; kept in the audit trail")

    def handle(self, *args: Any, **options: Any) -> None:
        organization = Organization.objects.filter(slug=options["organization"]).first()
        if organization is None:
            raise CommandError(f"There is no organization “{options['organization']}”.")
        if options["limit"]:
            if not options["reason"].strip():
                raise CommandError("Say why with --reason; it is kept in the audit trail.")
            set_quota(
                actor=None, organization=organization, limit_bytes=_limit(options["limit"]), reason=options["reason"]
            )
        held = StorageQuota.objects.filter(pk=organization.pk).values_list("held_bytes", flat=True).first() or 0
        self.stdout.write(f"{organization} holds {bytes_text(held)} of {bytes_text(limit_of(organization))}.")


def _limit(text: str) -> int | None:
    if text == "default":
        return None
    found = re.fullmatch(r"(\d{1,15})(MB|GB|TB|)", text, re.ASCII)
    if found is None:
        raise CommandError("A limit is a number of bytes, or of MB, GB or TB such as 500GB; or the word default.")
    return int(found[1]) * UNITS[found[2]]
