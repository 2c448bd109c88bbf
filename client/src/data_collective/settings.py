"""Where the site is, and the key that opens it: from the command line, else from the environment."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from data_collective.errors import UsageError

SITE_NAMES = ("COLLECTIVE_SITE", "HF_ENDPOINT")
KEY_NAMES = ("COLLECTIVE_TOKEN", "HF_TOKEN")
# The form of a key (the site's `accounts/domain/keys.py`). Anything else is somebody else's secret, and is not sent.
KEY = re.compile(r"dck_live_[A-Za-z0-9]{8}_[A-Za-z0-9]{43}_[0-9a-f]{8}", re.ASCII)


@dataclass(frozen=True)
class Access:
    """`site` is an address without a slash at the end."""

    site: str
    key: str = field(repr=False)


def access_from(
    environment: Mapping[str, str], *, site: str | None, key_file: Path | None, scope: str = "upload"
) -> Access:
    address = site or _first(environment, SITE_NAMES)
    if not address:
        raise UsageError("Which site? Name it with --site https://… or in the environment as COLLECTIVE_SITE.")
    key = _key_in(key_file) if key_file else _first(environment, KEY_NAMES)
    if not key:
        raise UsageError(
            f"An API key with the scope “{scope}” is needed. Make one at "
            f"{_checked(address)}/account/keys/ and pass it as COLLECTIVE_TOKEN or with --key-file."
        )
    if not KEY.fullmatch(key):
        raise UsageError("The key is not one of Data Collective: those begin with “dck_live_”. Copy it again, whole.")
    return Access(_checked(address), key)


def _checked(address: str) -> str:
    parts = urlsplit(address)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
        raise UsageError(f"“{address}” is not the address of a site. It looks like https://data.example.org.")
    return address.rstrip("/")


def _first(environment: Mapping[str, str], names: tuple[str, ...]) -> str:
    return next((value for name in names if (value := environment.get(name, "").strip())), "")


def _key_in(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"The key file {path} cannot be read. Check its name and permissions.") from error
