"""What the tests need from the distribution: installed if we are root, else named in one sentence."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from tests.services.nginx import nginx_binary


def _has_postgres() -> bool:
    return any(Path("/usr/lib/postgresql").glob("*/bin/initdb")) or shutil.which("initdb") is not None


def _has_redis() -> bool:
    return shutil.which("redis-server", path="/usr/bin:/usr/local/bin") is not None


def _has_chromium() -> bool:
    return any(shutil.which(name) for name in ("chromium", "chromium-browser", "google-chrome"))


def _has_fonts() -> bool:
    return any(Path("/usr/share/fonts").rglob("NotoSansArabic*"))


def _has_clamd() -> bool:
    return shutil.which("clamd", path="/usr/sbin:/usr/bin:/usr/local/sbin") is not None


def _has_nginx() -> bool:
    return nginx_binary() is not None


NEEDS: dict[str, Callable[[], bool]] = {
    "postgresql": _has_postgres,
    "redis-server": _has_redis,
    "chromium": _has_chromium,
    "fonts-noto-core": _has_fonts,
    "clamav-daemon": _has_clamd,
    "nginx-light": _has_nginx,
}


def main() -> int:
    missing = [package for package, present in NEEDS.items() if not present()]
    if not missing:
        return 0
    command = f"apt-get install {' '.join(missing)}"
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        print(f"The tests need {', '.join(missing)}. Install them with: sudo {command}", file=sys.stderr)
        return 1
    print(f"Installing what the tests need: {', '.join(missing)}")
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run(["apt-get", "update", "-qq"], check=True, env=quiet)
    install = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *missing]
    subprocess.run(install, check=True, env=quiet, stdout=subprocess.DEVNULL)
    left = [package for package in missing if not NEEDS[package]()]
    if left:
        print(f"After the installation these are still missing: {', '.join(left)}", file=sys.stderr)
    return int(bool(left))


if __name__ == "__main__":
    sys.exit(main())
