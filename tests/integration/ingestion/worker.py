"""A real worker process for one job, which is killed outright while it writes a shard."""

import os
import signal
import subprocess
import sys
import time
from uuid import UUID

from django.conf import settings
from django.db import connection

PROGRAM = """
import sys, time
import django
django.setup()
from uuid import UUID
from collective.core.jobs.queue import run
from ingestion.pipeline import shards

real = shards.segment_batches

def slow(segment, schema):
    for batch in real(segment, schema):
        yield batch
        print("writing", flush=True)
        time.sleep(600)

shards.segment_batches = slow
run(UUID(sys.argv[1]))
"""
LEASE_SECONDS = 1


def killed_in_the_middle(job_id: UUID) -> None:
    """Start a worker on the job, wait until it has written a part of the shard, kill -9, let its lease run out."""
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, str(job_id)],
        stdout=subprocess.PIPE,
        cwd=settings.BASE_DIR,
        env={**os.environ, **_environment()},
    )
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == b"writing\n"
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()
        if process.stdout is not None:
            process.stdout.close()
    time.sleep(LEASE_SECONDS + 0.5)


def _environment() -> dict[str, str]:
    """The same database, data folder and store as the test's own."""
    found = connection.settings_dict
    if connection.vendor == "sqlite":
        url = f"sqlite:///{found['NAME']}"
    else:
        url = f"postgres://{found['USER']}:{found['PASSWORD']}@{found['HOST']}:{found['PORT']}/{found['NAME']}"
    return {
        "DJANGO_SETTINGS_MODULE": "collective.settings.base",
        "DATA": str(settings.DATA_DIR),
        "STORAGE_URL": settings.STORAGE_URL,
        "DATABASE_URL": url,
        "JOB_LEASE_SECONDS": str(LEASE_SECONDS),
    }
