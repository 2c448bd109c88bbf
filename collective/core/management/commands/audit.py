"""`manage.py audit`: prove the invariants, print what is false, exit 1 if anything is."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from collective.core.invariants import invariants


class Command(BaseCommand):
    help = "Checks every invariant of the marketplace against the database and the object store."

    def handle(self, *args: Any, **options: Any) -> None:
        false = 0
        for each in invariants():
            violations = list(each.check())
            false += len(violations)
            self.stdout.write(f"{'FALSE' if violations else 'holds':5}  {each.id}  {each.statement}")
            for violation in violations:
                self.stdout.write(f"         - {violation}")
        if false:
            raise CommandError(f"{false} violations")
        self.stdout.write("clean")
