"""Waiting for what a page does to the server."""

from collections.abc import Callable

from playwright.sync_api import Page, Response

from collective.core.storage import incoming
from ingestion.models import Upload


def arrived(upload: Upload) -> int:
    upload.refresh_from_db()
    return len(incoming().list_parts(upload.key, upload.storage_id)) if upload.storage_id else 0


def wait_for(page: Page, done: Callable[[], bool]) -> None:
    for _ in range(300):
        if done():
            return
        page.wait_for_timeout(100)
    raise AssertionError("it did not happen within 30 seconds")


def note_sent(page: Page) -> list[str]:
    """Addresses of what this page brings to the store, in a list that grows; what breaks off is not in it."""
    sent: list[str] = []

    def note(answer: Response) -> None:
        if answer.request.method == "PUT" and "/storage/" in answer.url and answer.ok:
            sent.append(answer.url)

    page.on("response", note)
    return sent
