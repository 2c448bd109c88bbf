"""Mail that the embedded mode wrote to a folder instead of sending it.

Django's file backend appends the messages of one connection to one file, each followed by a line of 79 hyphens.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

from django.conf import settings

SEPARATOR = b"\n" + b"-" * 79 + b"\n"
FILE_BACKEND = "django.core.mail.backends.filebased.EmailBackend"


@dataclass(frozen=True)
class Letter:
    """`id` is the name of its file and its place in it."""

    id: str
    at: datetime
    to: str
    subject: str
    body: str


def is_embedded() -> bool:
    """False: mail leaves by SMTP and is nobody's to read here."""
    return settings.EMAIL_BACKEND == FILE_BACKEND


def letters(limit: int = 200) -> list[Letter]:
    """The newest ones, newest first."""
    found: list[Letter] = []
    for file in sorted(_folder().glob("*.log"), key=lambda each: (each.stat().st_mtime_ns, each.name), reverse=True):
        found += reversed(list(_letters_in(file)))
        if len(found) >= limit:
            break
    return found[:limit]


def letter(letter_id: str) -> Letter | None:
    """Looked up among the names that are there; what the client sends never becomes part of a path."""
    stem, _, _ = letter_id.rpartition("-")
    for file in _folder().glob("*.log"):
        if file.stem == stem:
            return next((each for each in _letters_in(file) if each.id == letter_id), None)
    return None


def _folder() -> Path:
    return Path(settings.EMAIL_FILE_PATH)


def _letters_in(file: Path) -> Iterator[Letter]:
    at = datetime.fromtimestamp(file.stat().st_mtime, UTC)
    for index, raw in enumerate(file.read_bytes().split(SEPARATOR)):
        if raw.strip():
            yield _letter(f"{file.stem}-{index}", at, raw)


def _letter(letter_id: str, at: datetime, raw: bytes) -> Letter:
    message = message_from_bytes(raw, _class=EmailMessage, policy=policy.default)
    plain = message.get_body(preferencelist=("plain",))
    return Letter(
        id=letter_id,
        at=at,
        to=str(message["To"] or ""),
        subject=str(message["Subject"] or ""),
        body=plain.get_content().strip() if isinstance(plain, EmailMessage) else "",
    )
