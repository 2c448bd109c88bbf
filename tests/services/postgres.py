"""A PostgreSQL of our own: a fresh cluster in a temporary folder on a free port, gone when the command ends.

python -m tests.services.postgres pytest …     runs the command with DATABASE_URL set
"""

import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.services.ports import free_port

# A test cluster may lose everything in a power cut: nothing waits for a disk.
OPTIONS = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=60"


def binaries() -> Path:
    """The newest installed version's folder; Debian keeps it out of PATH."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))
    if found:
        return found[-1]
    if on_path := shutil.which("initdb"):
        return Path(on_path).parent
    raise SystemExit("PostgreSQL is missing. Install it with: apt-get install postgresql")


def _as_owner() -> list[str]:
    """PostgreSQL refuses to run as root, so root becomes the distribution's `postgres`, or nobody."""
    if os.geteuid() != 0:
        return []
    names = {entry.pw_name for entry in pwd.getpwall()}
    return ["setpriv", f"--reuid={'postgres' if 'postgres' in names else 'nobody'}", "--clear-groups", "--"]


@contextmanager
def running_postgres() -> Iterator[str]:
    """Yields the URL of an empty database."""
    folder = Path(tempfile.mkdtemp(prefix="collective-pg-"))
    owner, tools, port = _as_owner(), binaries(), free_port()
    if owner:
        shutil.chown(folder, owner[1].partition("=")[2])
    cluster, log = folder / "data", folder / "log"
    where = f"-c listen_addresses=127.0.0.1 -c unix_socket_directories={folder} -p {port}"

    def run(*command: str) -> None:
        subprocess.run([*owner, *command], check=True, stdout=subprocess.DEVNULL, cwd=folder)

    try:
        run(f"{tools}/initdb", "-D", str(cluster), "-U", "collective", "-A", "trust", "-E", "UTF8", "--locale=C", "-N")
        run(f"{tools}/pg_ctl", "-D", str(cluster), "-l", str(log), "-w", "-o", f"{OPTIONS} {where}", "start")
        try:
            yield f"postgres://collective@127.0.0.1:{port}/postgres"
        finally:
            run(f"{tools}/pg_ctl", "-D", str(cluster), "-m", "immediate", "-w", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def main(command: list[str]) -> int:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that the cluster ends with us
    with running_postgres() as url:
        return subprocess.run(command, check=False, env={**os.environ, "DATABASE_URL": url}).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
