"""Run a command that dies with its parent: `python leash.py niceness command …`.

The supervisor starts every part through this, so that even a supervisor killed with SIGKILL leaves nothing behind
that would hold the port or the broker's socket at the next start. It is run as a file: importing the project would
cost each part half a second.
"""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1


def tie_to_parent() -> None:
    """Ask the kernel (Linux) to kill this process when its parent ends. It holds across exec, not across fork."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


if __name__ == "__main__":
    parent = os.getppid()
    tie_to_parent()
    if os.getppid() != parent or parent == 1:
        sys.exit("The supervisor ended before this part began.")
    os.nice(int(sys.argv[1]))
    os.execvp(sys.argv[2], sys.argv[2:])  # noqa: S606 - replacing ourselves with the command is the purpose
