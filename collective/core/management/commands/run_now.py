"""`manage.py run_now JOB`: periodic work before its time, as after a change that should not wait for tomorrow."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from collective.core.jobs.periodic import periodic_names, start_now


class Command(BaseCommand):
    help = "Queue periodic work now. The workers do it, as they do at its own times."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("job", help="Its name, as in licensing.ask_those_of_age.")

    def handle(self, *_args: Any, **options: Any) -> None:
        if options["job"] not in periodic_names():
            raise CommandError(f"There is no such periodic work. There are: {', '.join(periodic_names())}.")
        start_now(options["job"])
        self.stdout.write(f"{options['job']} is queued.")
