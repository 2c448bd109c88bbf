"""Migrating once per run: the first process migrates, and the others, and the instances they start, take a copy.

Every migration runs from the first to the last; a second time would prove nothing and takes as long again.
"""

import fcntl
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.db import connection, connections
from django.test.utils import setup_databases

KEPT = "collective_migrated"


def set_up_database(shared: Path) -> Any:
    """The test database, migrated; what `teardown_databases` wants to know. `shared` is a folder of all processes."""
    with _alone(shared):
        done = shared / "migrated"
        copied = done.exists()
        if copied:
            _take_copy(shared)
        made = setup_databases(verbosity=0, interactive=False, keepdb=copied and connection.vendor == "sqlite")
        if not copied:
            _keep_copy(shared)
            done.touch()
    return made


def kept_file(shared: Path) -> Path:
    """A freshly migrated SQLite file."""
    return shared / f"{KEPT}.sqlite3"


@contextmanager
def _alone(shared: Path) -> Iterator[None]:
    with (shared / "migrating").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _take_copy(shared: Path) -> None:
    if connection.vendor == "sqlite":
        shutil.copy(kept_file(shared), connection.settings_dict["TEST"]["NAME"])
    else:
        connection.settings_dict["TEST"]["TEMPLATE"] = KEPT


def _keep_copy(shared: Path) -> None:
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM INTO %s", [str(kept_file(shared))])
        return
    name = connection.settings_dict["NAME"]
    connections.close_all()  # a database that somebody uses is no template
    creation: Any = connection.creation  # the stubs hide this method
    with creation._nodb_cursor() as cursor:
        cursor.execute(f"DROP DATABASE IF EXISTS {KEPT}")
        cursor.execute(f'CREATE DATABASE {KEPT} TEMPLATE "{name}"')
