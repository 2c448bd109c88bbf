"""The configuration that supervisord reads, written anew at every start."""

import os
import shlex
import stat
import sys
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from collective.core.supervision import commands

LEASH = Path(__file__).with_name("leash.py")


@dataclass(frozen=True)
class Part:
    """`grace`: seconds between asking and killing. `nice`: people wait for pages, so the rest of the work yields."""

    name: str
    command: list[str]
    grace: int = 10
    nice: int = 0
    quiet: bool = False


BROKER = "redis"


def parts(run_dir: Path) -> list[Part]:
    broker = [Part(BROKER, commands.redis_command(run_dir), quiet=True)]
    return [
        *(broker if settings.EMBEDDED_BROKER else []),
        Part("web", commands.web_command(), grace=12),
        Part("worker", commands.worker_command(), nice=5),
        Part("sweeper", commands.sweeper_command(), nice=5),
        Part("greeter", [sys.executable, str(LEASH.with_name("greet.py")), str(run_dir / "greeting")]),
    ]


def render(run_dir: Path, log_dir: Path) -> str:
    sections = [
        "[supervisord]",
        "nodaemon = true",
        "silent = false",
        "loglevel = warn",
        f"logfile = {_quoted(log_dir / 'supervisor.log')}",
        f"pidfile = {_quoted(run_dir / 'supervisor.pid')}",
        f"childlogdir = {_quoted(log_dir)}",
        # Said aloud, because supervisord otherwise warns that it keeps the rights of root.
        *(["user = root"] if os.geteuid() == 0 else []),
    ]
    listed = parts(run_dir)
    for part in listed:
        sections += ["", *_program(part, log_dir)]
    # The parts of a group stop together; the broker starts before them and stops after them.
    together = ",".join(part.name for part in listed if part.name != BROKER)
    sections += ["", "[group:site]", f"programs = {together}", "priority = 20"]
    return "\n".join(sections) + "\n"


def _program(part: Part, log_dir: Path) -> list[str]:
    once = part.name == "greeter"
    command = shlex.join([sys.executable, str(LEASH), str(part.nice), *part.command])
    return [
        f"[program:{part.name}]",
        f"command = {_quoted(command)}",
        f"directory = {_quoted(settings.BASE_DIR)}",
        f"priority = {10 if part.name == BROKER else 20}",
        f"autorestart = {'false' if once else 'true'}",
        f"startsecs = {0 if once else 1}",
        # supervisord waits a second longer after each failed start; giving up is never right here.
        "startretries = 1000000",
        # Asked to stop is the part itself, which finishes what it does and stops its own children; killed is everyone.
        "killasgroup = true",
        f"stopwaitsecs = {part.grace}",
        "redirect_stderr = true",
        *_output(part, log_dir),
    ]


def _output(part: Part, log_dir: Path) -> list[str]:
    """To the terminal, or to a file for a part that talks too much, or where the terminal cannot be opened again."""
    if part.quiet or stat.S_ISSOCK(os.fstat(1).st_mode):
        return [f"stdout_logfile = {_quoted(log_dir / part.name)}.log", "stdout_logfile_maxbytes = 5MB"]
    return ["stdout_logfile = /dev/fd/1", "stdout_logfile_maxbytes = 0"]


def _quoted(text: str | Path) -> str:
    """Percent signs are supervisord's own marks."""
    return str(text).replace("%", "%%")
