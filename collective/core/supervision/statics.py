"""Collecting style sheets, scripts and fonts, only when one of them changed."""

import hashlib
from pathlib import Path

from django.conf import settings
from django.core.management import call_command


def collect(*, stamp: Path) -> None:
    now = fingerprint()
    if stamp.exists() and stamp.read_text() == now and settings.STATIC_ROOT.is_dir():
        return
    call_command("collectstatic", verbosity=0, interactive=False, clear=True)
    stamp.write_text(now)


def fingerprint() -> str:
    """Of our own files by size and time; of npm's by the lock file, because npm gives all files one time."""
    digest = hashlib.sha256((settings.BASE_DIR / "package-lock.json").read_bytes())
    own = [
        settings.BASE_DIR / "collective" / "settings" / "base.py",
        *sorted((settings.BASE_DIR / "static").rglob("*")),
    ]
    for path in own:
        about = path.stat()
        digest.update(f"{path}:{about.st_size}:{about.st_mtime_ns}\n".encode())
    return digest.hexdigest()
