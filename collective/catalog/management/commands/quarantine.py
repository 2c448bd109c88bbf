"""`manage.py quarantine ORGANIZATION/DATASET --reason WHY [--clear]`: put a dataset on hold, or let it go on."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from collective.catalog.models import Dataset
from collective.catalog.services import clear_quarantine, quarantine_dataset
from collective.core.errors import DomainError


class Command(BaseCommand):
    help = "From now on nothing of the dataset is shown, sold or delivered; with --clear it goes on as before."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("dataset", help="such as commons/greetings")
        parser.add_argument("--reason", required=True, help="why; kept in the audit trail, and told to nobody")
        parser.add_argument("--clear", action="store_true", help="you have looked, and it may go on")

    def handle(self, *args: Any, **options: Any) -> None:
        organization, _, slug = options["dataset"].partition("/")
        dataset = Dataset.objects.filter(organization__slug=organization, slug=slug).first()
        if dataset is None:
            raise CommandError(f"There is no dataset “{options['dataset']}”. Write it like commons/greetings.")
        act = clear_quarantine if options["clear"] else quarantine_dataset
        try:
            dataset = act(actor=None, dataset_id=dataset.pk, reason=options["reason"])
        except DomainError as refusal:
            raise CommandError(refusal.message) from None
        self.stdout.write(f"{dataset.repo_id} is {dataset.state}.")
