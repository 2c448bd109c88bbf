"""Settings of gunicorn, the web server."""

import gc
import os
from typing import Any

from collective.core.supervision.leash import tie_to_parent

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "collective.settings.base")
from django.conf import settings

bind = f"{settings.HOST}:{settings.PORT}"
workers = settings.WEB_WORKERS
threads = settings.WEB_THREADS
worker_class = "gthread"
# Imported once and then forked: half the start-up time, and the pages of memory are shared.
preload_app = True
# The workers' sign of life is a file that is touched: on a busy disk it would stall, in memory it cannot.
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None  # noqa: S108, PTH112 - a memory file system
# A signed part or a large download may take its time: the thread is busy, the worker still touches its file.
timeout = 60
graceful_timeout = 10
keepalive = 5
# The kernel copies files as long as `sendfile` is not named here: gunicorn 27 takes even True for "off".
accesslog = None  # paths carry signatures and names; the reverse proxy keeps its own log
loglevel = "warning"
control_socket_disable = True
forwarded_allow_ips = settings.FORWARDED_ALLOW_IPS


def when_ready(_server: Any) -> None:
    """Before the workers fork: what was imported stays to the end, and no collection has to look at it.

    Otherwise one makes all requests of a worker wait for a tenth of a second, now and then, and unshares the memory.
    """
    gc.collect()
    gc.freeze()


def post_fork(_server: Any, _worker: Any) -> None:
    tie_to_parent()
