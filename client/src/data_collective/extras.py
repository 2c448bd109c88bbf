"""Commands whose libraries are an extra: who only uploads needs none of them."""

import importlib
from typing import Any

from data_collective.errors import UsageError

MODULES = {"sync": "data_collective.sync", "verify": "data_collective.grants.verify"}


def library_of(extra: str) -> Any:
    """The module behind a command. Raises UsageError that says what to install."""
    try:
        return importlib.import_module(MODULES[extra])
    except ImportError as error:
        text = f"This needs two libraries more: pip install 'data-collective-client[{extra}]'."
        raise UsageError(text) from error
