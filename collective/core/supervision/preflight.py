"""What must hold before an instance starts; each refusal is one sentence for the person at the terminal."""

import fcntl
import os
import shutil
import socket
from pathlib import Path

from collective.settings.refusal import StartRefusedError

# supervisord keeps the descriptors below 5 open for itself and closes all of them in its children: a lock held there
# lives exactly as long as the supervisor.
LOCK_DESCRIPTOR = 3
LONGEST_SOCKET_PATH = 100


def hold_folder(lock: Path) -> int:
    """Take the folder for this process; returns the descriptor of the lock. Raises StartRefusedError if it is taken."""
    descriptor = os.open(lock, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        owner = os.read(descriptor, 20).decode() or "unknown"
        raise StartRefusedError(
            f"The folder {lock.parent.parent} is in use by a running instance (process {owner}). Stop it, or start "
            f"another one beside it: make run PORT=8100 DATA=some/folder"
        ) from None
    os.ftruncate(descriptor, 0)
    os.write(descriptor, str(os.getpid()).encode())
    return descriptor


def pass_on(descriptor: int) -> None:
    """Let the program that replaces this process hold the lock. Nothing else may use the descriptor after this."""
    if descriptor == LOCK_DESCRIPTOR:
        os.set_inheritable(descriptor, True)
    else:
        os.dup2(descriptor, LOCK_DESCRIPTOR, inheritable=True)


def check_port(host: str, port: int) -> None:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except (OSError, OverflowError) as error:
            why = getattr(error, "strerror", None) or "not a port number"
            raise StartRefusedError(
                f"Port {port} on {host} cannot be used ({why}). Choose another one: make run PORT=8100"
            ) from None


def check_space(folder: Path, *, min_free_mb: int) -> None:
    free_mb = shutil.disk_usage(folder).free // 2**20
    if free_mb < min_free_mb:
        raise StartRefusedError(
            f"The disk of {folder} is full: {free_mb} MB are free and {min_free_mb} MB are needed. Free some space or "
            f"choose a folder on another disk: make run DATA=some/folder"
        )


def check_socket_path(path: Path) -> None:
    """The kernel allows 107 bytes for the name of a socket."""
    if len(str(path).encode()) > LONGEST_SOCKET_PATH:
        raise StartRefusedError(
            f"The name of the data folder {path.parent} is too long for a socket inside it. Choose a shorter one: "
            f"make run DATA=some/folder"
        )
