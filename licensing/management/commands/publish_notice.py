"""`manage.py publish_notice FILE`: a new consent notice, or with --translates another language of one."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from collective.core.errors import InvalidError
from licensing import services
from licensing.domain.actions import PURPOSE_CODES


class Command(BaseCommand):
    help = "Publish what people are told before they answer. Earlier answers stay answers to the text of then."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="UTF-8 text.")
        parser.add_argument("--language", default="en", help="BCP 47, as in en or wo-SN.")
        parser.add_argument("--translates", type=int, help="The version that this is another language of.")
        parser.add_argument("--asks", nargs="*", default=[], choices=PURPOSE_CODES, metavar="USE", help="All actions.")
        parser.add_argument("--grace-days", type=int, default=30, help="For those who come of age and do not answer.")

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            notice = services.publish_notice(actor=None, wording=_wording(options))
        except InvalidError as refusal:
            raise CommandError("; ".join(text for texts in refusal.fields.values() for text in texts)) from None
        self.stdout.write(f"Published {notice}, {notice.text_sha256}.")


def _wording(options: dict[str, Any]) -> services.Wording:
    return services.Wording(
        text=options["file"].read_text(encoding="utf-8"),
        language=options["language"],
        version=options["translates"],
        purposes=options["asks"],
        grace_days=options["grace_days"],
    )
