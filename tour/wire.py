"""The tour's plain HTTP: uploading in parts, waiting, comparing bytes with their hashes."""

import base64
import hashlib
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from tour.person import Person
from tour.report import StepFailedError, expect
from tour.scenario import Bundle


@dataclass
class Patience:
    """How long to wait for the workers; a walk on small data has less."""

    seconds: int = 600


PATIENCE = Patience()
MANAGE = Path(__file__).parent.parent / "manage.py"


def wait(what: str, done: Callable[[], bool]) -> None:
    """Ask every half second until `done`, or until patience ends."""
    deadline = time.monotonic() + PATIENCE.seconds
    while not done():
        if time.monotonic() > deadline:
            raise StepFailedError(f"waited {PATIENCE.seconds} s for {what}")
        time.sleep(0.5)


def upload(person: Person, contribution_id: str, bundle: Bundle) -> int:
    """Send a file as a browser does: announce, sign, put each part where it was signed for, complete."""
    begun = person.api(
        "POST",
        f"/contributions/{contribution_id}/uploads",
        {"name": bundle.file_name, "size": len(bundle.content)},
    )
    size = begun["part_size"]
    parts = [bundle.content[start : start + size] for start in range(0, len(bundle.content), size)]
    announced = [described(number, part) for number, part in enumerate(parts, 1)]
    signed = person.api("POST", f"/uploads/{begun['id']}/parts", {"parts": announced})["parts"]
    for part, request in zip(parts, signed, strict=True):
        answer = httpx.request(request["method"], request["url"], content=part, headers=request["headers"], timeout=120)
        expect(answer.status_code in {200, 201, 204}, f"part answered {answer.status_code}: {answer.text[:300]}")
    person.api("POST", f"/uploads/{begun['id']}/complete")
    return len(parts)


def described(number: int, part: bytes) -> dict[str, Any]:
    return {
        "number": number,
        "size": len(part),
        "md5": hashlib.md5(part, usedforsecurity=False).hexdigest(),
        "sha256": hashlib.sha256(part).hexdigest(),
    }


def wrong_files(folder: Path, files: list[dict[str, Any]]) -> list[str]:
    """Paths whose bytes are missing or differ from their sha256."""
    return [
        file["path"]
        for file in files
        if not (folder / file["path"]).exists()
        or hashlib.sha256((folder / file["path"]).read_bytes()).hexdigest() != file["sha256"]
    ]


def verify(*arguments: str) -> "subprocess.CompletedProcess[str]":
    """The offline command, in a process of its own."""
    return subprocess.run([sys.executable, str(MANAGE), *arguments], capture_output=True, text=True, check=False)  # noqa: S603 - our own command


def tampered(jws: Path) -> Path:
    """A copy of a grant in which one letter of the payload is another."""
    header, payload, signature = jws.read_text().strip().split(".")
    content = bytearray(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    content[content.index(b'"sub"') + 8] ^= 1
    changed = base64.urlsafe_b64encode(bytes(content)).decode().rstrip("=")
    copy = jws.with_suffix(".tampered")
    copy.write_text(f"{header}.{changed}.{signature}")
    return copy
