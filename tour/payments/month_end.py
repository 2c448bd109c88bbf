"""`python -m tour.payments.month_end`: issues the statements of this month, by a clock that stands in the next one."""

import os
from datetime import timedelta

import time_machine
from django.core.management import execute_from_command_line

ISSUE = "from payments.services.statements import issue_statements; print(issue_statements())"
# Every month is over after that, and so is the hour that a last posting may take.
AHEAD = timedelta(days=32)


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "collective.settings.base")
    with time_machine.travel(AHEAD):
        execute_from_command_line(["manage.py", "shell", "--no-imports", "-c", ISSUE])


if __name__ == "__main__":
    main()
