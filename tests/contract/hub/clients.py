"""Unmodified clients, each in a process of its own: they read HF_ENDPOINT when they are imported, and cache on disk."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from textwrap import dedent
from typing import Any

SECONDS = 120
# Arrow's threads can end a Python that is taken down under them, after its work (github.com/apache/arrow/issues/45214).
ARROWS_END = "terminate called without an active exception"
# Every script calls `tell(value)` last: one line of JSON. It ends as any Python program does.
TELL = """
import json
def tell(value):
    print(json.dumps(value, default=str), flush=True)
"""


def did_its_work(done: subprocess.CompletedProcess[str]) -> bool:
    """Of the ends by a signal only Arrow's, with nothing else said, passes; what it printed is looked at as well."""
    return done.returncode == 0 or (done.returncode == -signal.SIGABRT and done.stderr.strip() == ARROWS_END)


@dataclass(frozen=True)
class Client:
    """`home` is a fresh HF_HOME: a shared cache would answer instead of the site. `env` is added to the environment."""

    endpoint: str
    home: Path
    key: str = ""
    interpreter: Path = Path(sys.executable)
    env: Mapping[str, str] = field(default_factory=dict)

    def python(self, script: str) -> Any:
        """Run `script`, which calls `tell(value)` last; returns the value. Fails with the script's own traceback."""
        done = self._run([str(self.interpreter), "-c", TELL + dedent(script)])
        assert did_its_work(done), done.stderr
        return json.loads(done.stdout.splitlines()[-1])

    def failing_python(self, script: str) -> str:
        """The traceback of a script that must fail."""
        done = self._run([str(self.interpreter), "-c", TELL + dedent(script)])
        assert done.returncode != 0, done.stdout
        return done.stderr

    def script(self, path: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
        return self._run([str(self.interpreter), str(path), *arguments])

    def killed_script(self, path: Path, *arguments: str, after: str) -> None:
        """SIGKILL to a script that must still be at work when it prints the line `after`."""
        command = [str(self.interpreter), str(path), *arguments]
        with subprocess.Popen(command, env=self.environment(), stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            assert any(line.rstrip() == after for line in process.stdout), f"it never printed {after!r}"
            process.kill()
        assert process.returncode == -signal.SIGKILL

    def hf(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return self._run([str(self.interpreter.with_name("hf")), *arguments])

    def _run(self, command: list[str]) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            command, env=self.environment(), capture_output=True, text=True, timeout=SECONDS, check=False
        )

    def environment(self) -> dict[str, str]:
        """Nothing of the developer's own: no token, no cache, no proxy."""
        kept = {name: value for name, value in os.environ.items() if name in {"PATH", "LANG", "LC_ALL"}}
        hub = {"HF_ENDPOINT": self.endpoint, "HF_HOME": str(self.home), "HF_HUB_DISABLE_TELEMETRY": "1"}
        token = {"HF_TOKEN": self.key} if self.key else {}
        return {**kept, "HOME": str(self.home), "HF_HUB_DISABLE_PROGRESS_BARS": "1", **hub, **token, **self.env}
