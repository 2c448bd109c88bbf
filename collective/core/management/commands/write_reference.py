"""`manage.py write_reference`: the pages of docs/reference that are made from the code; `--check` compares them."""

from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from collective.core.domain.states import StateTable
from collective.core.models import JOB_STATES, Job

INTRODUCTION = """# State machines

Made from the tables in each app's `domain/states.py` by `make docs`; a row changes its state through `transition_to`
and in no other way.
"""


def state_tables() -> dict[str, StateTable]:
    """By the model's name: every model that follows a table."""
    named = {model._meta.label: getattr(model, "state_table", None) for model in apps.get_models()}
    tables = {label: table for label, table in named.items() if isinstance(table, StateTable)}
    return dict(sorted({**tables, Job._meta.label: JOB_STATES}.items()))


def states_page() -> str:
    sections = [f"## {label}\n\n```mermaid\n{table.diagram()}\n```\n" for label, table in state_tables().items()]
    return "\n".join([INTRODUCTION, *sections])


class Command(BaseCommand):
    help = "Writes docs/reference from the code."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="write nothing; fail if a page is not up to date")

    def handle(self, *args: Any, **options: Any) -> None:
        pages: dict[Path, str] = {settings.BASE_DIR / "docs" / "reference" / "states.md": states_page()}
        for path, text in pages.items():
            if options["check"]:
                self._compare(path, text)
            else:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text)

    def _compare(self, path: Path, text: str) -> None:
        if not path.exists() or path.read_text() != text:
            raise CommandError(f"{path.relative_to(settings.BASE_DIR)} is not up to date. Run: make docs")
