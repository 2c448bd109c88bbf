"""`manage.py sweep`: the sweeper. Any number may run; one is enough."""

import signal
import threading
from typing import Any

from django.core.management.base import BaseCommand

from collective.core.jobs.sweeper import sweep_forever


class Command(BaseCommand):
    help = "Rings again for due jobs, relays events and starts periodic work, until it is asked to stop."

    def handle(self, *args: Any, **options: Any) -> None:
        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        sweep_forever(stop)
