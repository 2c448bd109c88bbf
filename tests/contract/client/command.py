"""The installed command, in a process and an environment of its own."""

import os
import signal
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.services.instance import ROOT

SECONDS = 120


@dataclass(frozen=True)
class Done:
    status: int
    out: str
    err: str

    @property
    def complaint(self) -> str:
        """The one sentence that a failed run ends with."""
        assert "Traceback" not in self.err, self.err
        return self.err.strip().splitlines()[-1]


@dataclass(frozen=True)
class Command:
    """`collective …` with the given key; nothing of the developer's own environment reaches it."""

    site: str
    key: str
    dataset: str = "acme/voices"
    environment: dict[str, str] = field(default_factory=dict)

    def upload(self, path: Path, *options: str, **changes: Any) -> Done:
        return finished(self.start(path, *options, **changes))

    def start(self, path: Path, *options: str, **changes: Any) -> "subprocess.Popen[str]":
        return self.begin("upload", str(path), "--dataset", self.dataset, *options, **changes)

    def begin(self, *arguments: str, **changes: Any) -> "subprocess.Popen[str]":
        """`changes` are subprocess.Popen's own."""
        usual: dict[str, Any] = {
            "stdin": subprocess.DEVNULL,
            "stdout": subprocess.PIPE,
            "stderr": subprocess.PIPE,
            "text": True,
            "env": self._environment(),
        }
        return subprocess.Popen([sys.executable, "-m", "data_collective", *arguments], **{**usual, **changes})

    def _environment(self) -> dict[str, str]:
        kept = {name: os.environ[name] for name in ("PATH", "LANG", "LC_ALL") if name in os.environ}
        own = {"PYTHONPATH": str(ROOT / "client" / "src"), "COLLECTIVE_SITE": self.site, "COLLECTIVE_TOKEN": self.key}
        return {**kept, "PYTHONUTF8": "1", **{name: value for name, value in own.items() if value}, **self.environment}


def finished(process: "subprocess.Popen[str]") -> Done:
    out, err = process.communicate(timeout=SECONDS)
    return Done(process.returncode, out, err)


def killed(process: "subprocess.Popen[str]", number: signal.Signals = signal.SIGKILL) -> Done:
    process.send_signal(number)
    return finished(process)
