"""`manage.py rotate_signing_key KID --reason "…" [--compromised]`: for the operator at the machine."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from collective.core.errors import DomainError
from licensing import services


class Command(BaseCommand):
    help = "Sign with a new key from now on. Without --confirm nothing is changed, and what would happen is told."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("kid", help="the key, as named in /.well-known/jwks.json")
        parser.add_argument("--reason", required=True, help="for the audit trail")
        parser.add_argument("--compromised", action="store_true", help="it is in other hands: sign its grants anew")
        parser.add_argument("--confirm", default="", metavar="KID", help="the name of the key once more")

    def handle(self, *_args: Any, **options: Any) -> None:
        given = {name: options[name] for name in ("kid", "reason", "confirm")}
        if not options["confirm"]:
            what = "is not accepted any more, and its grants are signed anew" if options["compromised"] else "retires"
            self.stdout.write(f"{options['kid']} {what}. Repeat the command with --confirm {options['kid']}.")
            return
        act = services.condemn_signing_key if options["compromised"] else services.rotate_signing_key
        try:
            key = act(actor=None, **given)
        except DomainError as refusal:
            raise CommandError(refusal.message) from refusal
        self.stdout.write(f"{key.kid} signs from now on.")
