"""The nursery's own process: `python -m ingestion.pipeline.nursery_process`, its socket as standard input.

For every task it forks, says the child's number, and later how the child ended. When the worker is gone, the socket
ends: the child is killed and so is this.
"""

import json
import os
import select
import signal
import socket
import sys

from ingestion.pipeline import child

TASK_BYTES = 65_536


def main() -> None:
    child.without_pandas()
    # Read before any fork, and outside the limits: it is our own code, and no user's byte is near.
    import ingestion.pipeline.prepare  # noqa: F401, PLC0415

    with socket.socket(fileno=os.dup(0)) as parent:
        while True:
            message, descriptors, _, _ = socket.recv_fds(parent, TASK_BYTES, 1)
            if not message:
                return
            _serve(parent, message, descriptors[0])


def _serve(parent: socket.socket, message: bytes, output: int) -> None:
    pid = os.fork()
    if pid == 0:
        _become_child(parent, message, output)
    os.close(output)
    os.setpgid(pid, pid)
    parent.send(str(pid).encode())
    ended = os.pidfd_open(pid)
    ready, _, _ = select.select([ended, parent], [], [])
    os.close(ended)
    if parent in ready:  # it has nothing to say while a child runs, so it is gone
        os.killpg(pid, signal.SIGKILL)
    _, status = os.waitpid(pid, 0)
    if parent not in ready:
        parent.send(str(os.waitstatus_to_exitcode(status)).encode())


def _become_child(parent: socket.socket, message: bytes, output: int) -> None:
    """Never returns."""
    try:
        os.setpgid(0, 0)
        parent.close()
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        os.dup2(output, 1)
        os.close(output)
        child.die_with_parent()
        child.run(json.loads(message))
    finally:
        os._exit(0)


if __name__ == "__main__":
    main()
    sys.stdout.flush()
