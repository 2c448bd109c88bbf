"""How log lines look: short on a console, JSON in production; and what they never show."""

import logging
import re
import sys
from collections.abc import Mapping, MutableMapping
from typing import Any

import structlog

HIDDEN = "[hidden]"
SECRET_NAMES = re.compile(
    r"pass(word|wd|phrase)|secret|token|authorization|cookie|signature|api_?key|session", re.IGNORECASE
)
# Our API keys, a vendor's keys, bearer headers, and every signed query value (ours and S3's).
SECRET_VALUES = re.compile(
    r"dck_(?:live|test)_\w+|[sr]k_(?:live|test)_\w+|whsec_\w+|(?<=Bearer )\S+|(?<=Basic )\S+"
    r"|(?<=://)[^/\s:@]+:[^/\s@]+(?=@)"
    r"|(?<=[?&])(?:X-Amz-\w+|signature|sig|token|expires|key)=[^&\s\"']+",
    re.IGNORECASE,
)


def hide(value: Any) -> Any:
    """The value with every secret in its text replaced, through mappings and lists."""
    if isinstance(value, str):
        return SECRET_VALUES.sub(HIDDEN, value)
    if isinstance(value, Mapping):
        return {name: HIDDEN if SECRET_NAMES.search(str(name)) else hide(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple | set):
        return [hide(inner) for inner in value]
    return value


def hide_secrets(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> Mapping[str, Any]:
    """A structlog processor: the last one before rendering."""
    hidden: Mapping[str, Any] = hide(dict(event))
    return hidden


def configure_logging(level: str, *, as_json: bool) -> None:
    """One handler on standard error for structlog and for libraries that use `logging`."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso" if as_json else "%H:%M:%S", utc=as_json),
    ]
    structlog.configure(
        processors=[structlog.stdlib.filter_by_level, *shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(processors=_last(as_json=as_json), foreign_pre_chain=shared)
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(logging.WARNING)
    for ours in ("collective", "ingestion", "licensing", "payments"):
        logging.getLogger(ours).setLevel(level)


def _last(*, as_json: bool) -> list[Any]:
    meta = structlog.stdlib.ProcessorFormatter.remove_processors_meta
    if as_json:
        return [meta, structlog.processors.format_exc_info, hide_secrets, structlog.processors.JSONRenderer()]
    return [meta, structlog.processors.format_exc_info, hide_secrets, structlog.dev.ConsoleRenderer(colors=False)]
