"""`manage.py load_sample`: the sample marketplace. Prints the sample accounts, which the start page repeats."""

from typing import Any

from django.core.management.base import BaseCommand

from collective.sample.loader import load
from collective.sample.plan import ACCOUNTS, PASSWORD


class Command(BaseCommand):
    help = "Loads the sample marketplace: accounts, five datasets, offers, one sale. Never on a production instance."

    def handle(self, *args: Any, **options: Any) -> None:
        load(lambda title: self.stderr.write(f"  loading: {title}"))
        width = max(len(account.email) for account in ACCOUNTS)
        lines = [f"  {account.email.ljust(width)}  {account.role}" for account in ACCOUNTS]
        self.stdout.write("\n".join([f"Sample accounts, all with the password “{PASSWORD}”:", *lines]))
