"""`manage.py is_alive worker`: exit 0 if that part said so in the last minute; the health check of its container."""

from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from collective.core.models import Heartbeat

SILENT_AFTER = timedelta(seconds=60)


class Command(BaseCommand):
    help = "Tells whether a long-running part of the system was heard of in the last minute."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("part", choices=["worker", "sweeper"])

    def handle(self, *args: Any, **options: Any) -> None:
        if not Heartbeat.objects.filter(name=options["part"], at__gt=timezone.now() - SILENT_AFTER).exists():
            raise CommandError(f"The {options['part']} was not heard of in the last minute.")
