"""What a part of the work costs: seconds, and the peak memory of this process and of its database process."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.db import connection

from payments.models import Account, Entry, SettlementLine
from tests.benchmarks.costs import MB, RESET_PEAK, cpu_seconds

ROWS = (Account, Entry, SettlementLine)


@dataclass
class Work:
    """`rows` are the accounts, entries and lines that it wrote. The database's memory has its shared buffers in it.

    CPU seconds say the same on a machine that others use too.
    """

    seconds: float = 0.0
    cpu: float = 0.0
    database_cpu: float = 0.0
    rows: int = 0
    peak_mb: float = 0.0
    database_mb: float = 0.0


@contextmanager
def measured() -> Iterator[Work]:
    """Filled in when the block has ended."""
    work, before, server = Work(), _rows(), _server()
    Path(f"/proc/{os.getpid()}/clear_refs").write_text(RESET_PEAK)
    begun, cpu, database_cpu = time.perf_counter(), time.process_time(), cpu_seconds(server)
    yield work
    work.seconds = time.perf_counter() - begun
    work.cpu, work.database_cpu = time.process_time() - cpu, cpu_seconds(server) - database_cpu
    work.peak_mb, work.database_mb = _peak_mb(os.getpid()), _peak_mb(server)
    work.rows = _rows() - before


def _rows() -> int:
    return sum(model.objects.count() for model in ROWS)


def _server() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (pid,) = cursor.fetchone()
    return int(pid)


def _peak_mb(pid: int) -> float:
    lines = dict(line.split(":", 1) for line in Path(f"/proc/{pid}/status").read_text().splitlines())
    return int(lines["VmHWM"].split()[0]) * 1024 / MB
