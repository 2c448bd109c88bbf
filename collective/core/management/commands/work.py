"""`manage.py work`: a worker, as the supervisor starts it."""

import os
from typing import Any

from django.core.management.base import BaseCommand

from collective.core.supervision.commands import worker_command


class Command(BaseCommand):
    help = "Works on jobs of both queues until it is asked to stop (TERM: after the running jobs)."

    def handle(self, *args: Any, **options: Any) -> None:
        command = worker_command()
        os.execv(command[0], command)  # noqa: S606 - the worker takes our place, and with it our signals
