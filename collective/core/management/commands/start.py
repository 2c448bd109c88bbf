"""`manage.py start`: check, prepare, and become the supervisor of a whole instance."""

import fcntl
import io
import os
import sys
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command, get_commands
from django.core.management.base import BaseCommand
from django.db import connection, connections
from django.db.migrations.executor import MigrationExecutor

from collective.core.supervision import config, preflight, statics
from collective.core.supervision.broker import temporary_broker

SAMPLE_COMMAND = "load_sample"


class Command(BaseCommand):
    help = "Starts web, worker, broker and sweeper under one process. Ctrl-C stops them all."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        run_dir, log_dir = settings.DATA_DIR / "run", settings.DATA_DIR / "logs"
        lock = self._check(run_dir, log_dir)
        _migrate()
        statics.collect(stamp=run_dir / "static-stamp")
        accounts = self._sample(run_dir)
        self._write_down(run_dir, log_dir, accounts)
        connections.close_all()
        preflight.pass_on(lock)
        self._become_supervisor(run_dir / "supervisor.conf")

    def _check(self, run_dir: Path, log_dir: Path) -> int:
        preflight.check_space(settings.DATA_DIR, min_free_mb=settings.MIN_FREE_MB)
        for folder in (run_dir, log_dir):
            folder.mkdir(exist_ok=True)
        lock = preflight.hold_folder(run_dir / "lock")
        preflight.check_port(settings.HOST, settings.PORT)
        if settings.EMBEDDED_BROKER:
            preflight.check_socket_path(settings.DATA_DIR / "redis.sock")
        return lock

    def _sample(self, run_dir: Path) -> str:
        """The sample accounts, loaded on the first start; what `load_sample` printed is shown at every start."""
        kept = settings.DATA_DIR / "sample-accounts.txt"
        if settings.LOAD_SAMPLE and not kept.exists() and SAMPLE_COMMAND in get_commands():
            self.stdout.write("Loading the sample marketplace. This happens once and takes about a minute.")
            told = io.StringIO()
            with temporary_broker(run_dir):
                call_command(SAMPLE_COMMAND, stdout=told)
            kept.write_text(told.getvalue())
        return kept.read_text().rstrip() if kept.exists() else ""

    def _write_down(self, run_dir: Path, log_dir: Path, accounts: str) -> None:
        greeting = [f"http://127.0.0.1:{settings.PORT}/", "", f"{settings.SITE_NAME} is at {settings.SITE_URL}"]
        greeting += [accounts] if accounts else []
        greeting += [f"Everything is kept in {settings.DATA_DIR}. Press Ctrl-C to stop."]
        (run_dir / "greeting").write_text("\n".join(greeting))
        (run_dir / "supervisor.conf").write_text(config.render(run_dir, log_dir))

    def _become_supervisor(self, configuration: Path) -> None:
        """Replacing ourselves keeps the number of processes at one, and the signals of the terminal with it."""
        sys.stdout.flush()
        _append_only(sys.stdout.fileno())
        command = [sys.executable, "-m", "supervisor.supervisord", "--configuration", str(configuration)]
        os.execv(command[0], command)  # noqa: S606 - our own interpreter, a list of arguments, no shell


def _append_only(descriptor: int) -> None:
    """The supervisor and its parts write here, each at a place of its own: in a file, one would overwrite another."""
    fcntl.fcntl(descriptor, fcntl.F_SETFL, fcntl.fcntl(descriptor, fcntl.F_GETFL) | os.O_APPEND)


def _migrate() -> None:
    """Only if a migration waits: finding that out takes a tenth of what the command itself takes."""
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        call_command("migrate", verbosity=0, interactive=False)
