"""What an operator does at the shell of the server: `manage.py` of this checkout, on the folder of the instance."""

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from tour.report import expect
from tour.wire import MANAGE


@dataclass(frozen=True)
class Shell:
    data: Path

    def run(self, *arguments: str, fails: bool = False) -> str:
        """What `manage.py` printed; `fails`: that it refuses is what must happen."""
        return self.python(str(MANAGE), *arguments, fails=fails)

    def python(self, *arguments: str, fails: bool = False) -> str:
        outcome = subprocess.run(  # noqa: S603 - our own command
            [sys.executable, *arguments],
            cwd=MANAGE.parent,
            env={**os.environ, "DATA": str(self.data)},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        told = (outcome.stderr if outcome.returncode else outcome.stdout).strip()
        expect((outcome.returncode != 0) is fails, f"{' '.join(arguments[:2])} ended with {outcome.returncode}: {told}")
        return told


def at_hand(shell: Shell | None) -> Shell:
    """Precondition: the case says `by_shell`."""
    if shell is None:
        raise LookupError("this scenario needs the operator's shell")
    return shell
