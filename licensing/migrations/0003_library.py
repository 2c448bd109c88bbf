"""Load the licenses, the consent notice and the statement that the code ships with."""

from typing import Any

from django.db import migrations

from licensing.services.library import load_library


def load(apps: Any, _schema_editor: Any) -> None:
    load_library(models=apps)


class Migration(migrations.Migration):
    dependencies = [("licensing", "0002_guards")]

    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
