"""A process that has read our code once and forks for every piece, so that a child costs no third of a second.

Each worker has one, started when it is first needed. It holds nothing of any contribution: a task goes through it to
the fork, which limits itself as a child of its own would (see `nursery_process.py`).
"""

import json
import os
import signal
import socket
import subprocess
from collections.abc import Callable
from contextlib import suppress
from typing import IO, Any

Start = Callable[[socket.socket], "subprocess.Popen[bytes]"]
ANSWER_BYTES = 4096


class NurseryLostError(Exception):
    """The process is gone."""


class Fork:
    """A child of the nursery, seen as its parent would: enough of `subprocess.Popen` to listen to it and end it."""

    stdin: IO[bytes] | None = None

    def __init__(self, nursery: "Nursery", pid: int, stdout: IO[bytes]) -> None:
        self.nursery, self.pid, self.stdout = nursery, pid, stdout
        self._status: int | None = None

    def wait(self, timeout: float | None = None) -> int:
        """As `Popen.wait`. Raises subprocess.TimeoutExpired."""
        if self._status is None:
            try:
                self._status = self.nursery.status(timeout)
            except NurseryLostError:  # which takes its child along
                self._status = -signal.SIGKILL
        return self._status


class Nursery:
    """One task at a time, as a worker has one."""

    def __init__(self, start: Start) -> None:
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            self.process = start(theirs)
        self.owner, self._socket = os.getpid(), ours

    @property
    def is_usable(self) -> bool:
        """Alive, and not inherited from the process that this one was forked from."""
        return self.owner == os.getpid() and self.process.poll() is None

    def fork(self, task: dict[str, Any]) -> Fork:
        """Raises NurseryLostError."""
        reading, writing = os.pipe()
        try:
            socket.send_fds(self._socket, [json.dumps(task).encode()], [writing])
            pid = int(self._answer(None))
        except (OSError, NurseryLostError):
            os.close(reading)
            raise NurseryLostError from None
        finally:
            os.close(writing)
        return Fork(self, pid, os.fdopen(reading, "rb", buffering=0))

    def status(self, timeout: float | None) -> int:
        """How the last fork ended: as `subprocess` says it. Raises subprocess.TimeoutExpired, NurseryLostError."""
        return int(self._answer(timeout))

    def close(self) -> None:
        self._socket.close()
        with suppress(ProcessLookupError):
            self.process.kill()
        self.process.wait()

    def _answer(self, timeout: float | None) -> bytes:
        self._socket.settimeout(timeout)
        try:
            answer = self._socket.recv(ANSWER_BYTES)
        except TimeoutError:
            raise subprocess.TimeoutExpired("parser", timeout or 0) from None
        if not answer:
            raise NurseryLostError
        return answer
