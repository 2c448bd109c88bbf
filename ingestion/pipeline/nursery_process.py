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
from contextlib import suppress

from ingestion.pipeline import child

TASK_BYTES = 65_536
# One of each kind of thing that a check has to look at more closely.
EXAMPLES = (
    "A sentence in a language, of one who writes to nobody@example.org or calls +49 30 123456, pays with "
    "4111 1111 1111 1111 or from DE89 3704 0044 0532 0130 00, and keeps the key AKIAIOSFODNN7EXAMPLE."
)


def main() -> None:
    child.without_pandas()
    _warm_up()
    with socket.socket(fileno=os.dup(0)) as parent:
        while True:
            message, descriptors, _, _ = socket.recv_fds(parent, TASK_BYTES, 1)
            if not message:
                return
            _serve(parent, message, descriptors[0])


def _warm_up() -> None:
    """Read our code, and the libraries that checks load when they first find something. No user's byte is near."""
    import pyarrow as pa  # noqa: PLC0415 - not before pandas is out of the way

    import ingestion.pipeline.prepare  # noqa: F401, PLC0415 - so that no child has to read it; as above
    from ingestion.pipeline.checks import Checks  # noqa: PLC0415 - as above

    batch = pa.record_batch({"text": pa.array([EXAMPLES])})
    checks = Checks(batch.schema)
    checks.see(batch, 1)
    list(checks.findings())


def _serve(parent: socket.socket, message: bytes, output: int) -> None:
    pid = os.fork()
    if pid == 0:
        _become_child(parent, message, output)
    os.close(output)
    with suppress(ProcessLookupError):  # it did so itself, and ended
        os.setpgid(pid, pid)
    parent.send(str(pid).encode())
    ended = os.pidfd_open(pid)
    ready, _, _ = select.select([ended, parent.fileno()], [], [])
    os.close(ended)
    is_alone = parent.fileno() in ready  # the worker has nothing to say while a child runs, so it is gone
    if is_alone:
        os.killpg(pid, signal.SIGKILL)
    _, status = os.waitpid(pid, 0)
    if not is_alone:
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
