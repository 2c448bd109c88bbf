"""`collective verify`: what is asked for, read from files; nothing is fetched."""

import argparse
import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from data_collective.errors import UsageError
from data_collective.extras import library_of
from data_collective.words import printable

STATUSES = "Exit status: 0 ok, 1 any other outcome, 2 wrong use or a file that cannot be read."


def add_verify(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("grant", type=Path, metavar="GRANT", help="the downloaded .jws")
    add("--jwks", type=Path, required=True, metavar="FILE", help="the saved key set")
    add("--issuer", default="", metavar="URL", help="address of the site; default: as the key set says")
    add("--license", type=Path, metavar="FILE", help="the saved license text")
    add("--manifest", type=Path, metavar="FILE", help="the saved manifest.json; default: the one in --dir")
    add("--dir", type=Path, metavar="DIR", help="the downloaded folder")
    add("--status", type=Path, metavar="FILE", help="the saved status list")
    add("--fresh", type=_days, metavar="DAYS", help="ok only with a status list of at most this age")
    add("--at", type=_moment, metavar="DATE", help="check for this day or time (UTC) instead of now")


def run_verify(asked: dict[str, Any]) -> int:
    options, module = argparse.Namespace(**asked), library_of("verify")
    manifest = options.manifest or (options.dir / "manifest.json" if options.dir else None)
    code, detail = module.outcome(
        module.Saved(
            token=_text(options.grant),
            jwks=_json(options.jwks),
            at=options.at or datetime.now(tz=UTC),  # noqa: TID251 - no Django here
            issuer=options.issuer,
            license_text=_bytes(options.license) if options.license else None,
            manifest=_json(manifest) if manifest else None,
            folder=options.dir,
            status=_text(options.status) if options.status else None,
            fresh_days=options.fresh,
        )
    )
    sys.stdout.write(f"{code}: {printable(detail)}\n")
    return 0 if code == "ok" else 1


def _days(text: str) -> int:
    """Raises ValueError, which the parser tells."""
    days = int(text)
    if days < 0:
        raise ValueError("negative")
    return days


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}.") from error


def _text(path: Path) -> str:
    """Without the line break at its end. Whatever is not ASCII cannot be a token."""
    return _bytes(path).decode("ascii", errors="replace").strip("\r\n")


def _json(path: Path) -> Any:
    try:
        return json.loads(_bytes(path))
    except (ValueError, RecursionError) as error:
        raise UsageError(f"{path} is not JSON.") from error
