"""Checking a license without the marketplace: what `collective verify` finds in saved files. Nothing is fetched."""

import json
from datetime import datetime
from typing import Any

import httpx

from data_collective.grants.verify import Saved, outcome
from tour.governance.town import Town


def saved_keys(town: Town) -> Any:
    """While one is online."""
    return json.loads(httpx.get(f"{town.site}/.well-known/jwks.json", timeout=30).content)


def checked(jws: str, keys: Any, at: datetime, **beside: Any) -> tuple[str, str]:
    """The outcome's code and its sentence; `beside` is what else was saved, as `license_text` and `status`."""
    return outcome(Saved(jws, keys, at, **beside))
