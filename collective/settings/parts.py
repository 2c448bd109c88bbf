"""How an environment variable becomes a setting, and what stands in when it is unset."""

import os
import secrets
from contextlib import suppress
from pathlib import Path
from tempfile import NamedTemporaryFile, TemporaryFile
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

from environs import Env

from collective.settings.refusal import StartRefusedError

# A large file is scanned in streams that overlap; shorter ones would hardly get on.
SHORTEST_STREAM = 1024**2
SQLITE_OPTIONS = {
    # Every atomic() takes the write lock at once: the deferred mode loses a third of concurrent writers to
    # "database is locked" (measured, reliability reference 1.3).
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL;PRAGMA busy_timeout=20000;",
}


def database_settings(env: Env, data_dir: Path) -> dict[str, Any]:
    """PostgreSQL from DATABASE_URL, else the SQLite file in the data folder."""
    if env.str("DATABASE_URL", ""):
        return {**env.dj_db_url("DATABASE_URL"), "CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}
    sqlite = {"ENGINE": "django.db.backends.sqlite3", "NAME": data_dir / "db.sqlite3", "OPTIONS": SQLITE_OPTIONS}
    return {**sqlite, "CONN_MAX_AGE": 60}  # opening one costs more than the queries of a small request


def broker_url(env: Env, data_dir: Path) -> str:
    """REDIS_URL, else the socket of the broker that the supervisor starts in the data folder."""
    return env.str("REDIS_URL", "") or f"unix://{quote(str(data_dir / 'redis.sock'))}"


def cache_settings(redis_url: str) -> dict[str, Any]:
    return {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": redis_url}


def scanner_address(env: Env) -> str:
    """SCANNER, which is "off", tcp://host:port or unix:/path. Raises StartRefusedError."""
    address = env.str("SCANNER", "") or "off"
    where = urlsplit(address)
    if address == "off" or (where.scheme == "unix" and where.path.startswith("/")):
        return address
    with suppress(ValueError):  # a port that is no number
        if where.scheme == "tcp" and where.hostname and where.port:
            return address
    raise StartRefusedError(f"SCANNER is {address}: set it to off, tcp://host:port or unix:/path/of/clamd.sock.")


def scanner_stream_bytes(env: Env) -> int:
    """SCANNER_STREAM_BYTES. Raises StartRefusedError."""
    size: int = env.int("SCANNER_STREAM_BYTES", 25 * 1024**2)
    if size < SHORTEST_STREAM:
        raise StartRefusedError(f"SCANNER_STREAM_BYTES is {size}: set it to {SHORTEST_STREAM} bytes or more.")
    return size


def writable_folder(path: Path) -> Path:
    """The folder, made if it is not there and proven by writing to it. Raises StartRefusedError."""
    try:
        path.mkdir(parents=True, exist_ok=True)
        with TemporaryFile(dir=path) as file:
            file.write(b"is there room?")
    except OSError as error:
        raise StartRefusedError(
            f"The data folder {path} cannot be written ({error.strerror}). Free some space or choose another folder "
            f"with DATA=some/folder."
        ) from None
    return path


def stored_secret(path: Path) -> str:
    """The instance's own secret, made once. Linking a finished file settles a race between two first starts."""
    if not path.exists():
        with NamedTemporaryFile("w", dir=path.parent) as file:
            file.write(secrets.token_urlsafe(50))
            file.flush()
            with suppress(FileExistsError):  # another start was first: its secret counts
                os.link(file.name, path)
    return path.read_text()


def store_origins(storage_url: str) -> list[str]:
    """Where browsers reach an S3 store, for the content policy; nothing for the local folder: that is our origin."""
    if not storage_url:
        return []
    parts, options = urlsplit(storage_url), parse_qs(urlsplit(storage_url).query)
    scheme = "http" if options.get("secure") == ["0"] else "https"
    host = parts.netloc.rpartition("@")[2]
    public = urlsplit(options.get("public", [f"{scheme}://{host}"])[0])
    bucket = f"{parts.path.strip('/')}." if options.get("style") == ["virtual"] else ""
    return [f"{public.scheme}://{bucket}{public.netloc}"]
