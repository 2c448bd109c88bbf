"""Until the site has joined and hashed everything, and then: are these the bytes that lie here?"""

import time
from collections.abc import Sequence

from data_collective.errors import IntegrityError, NetworkError, RefusedError
from data_collective.retry import Patience
from data_collective.uploads import Sent, Upload, Uploads

SHORTEST, LONGEST = 0.3, 5.0
NOT_TAKEN = ("failed", "quarantined")


def wait_until_checked(uploads: Uploads, patience: Patience) -> None:
    """Raises NetworkError when the site answers but does not get on with it."""
    left, since, pause = -1, time.monotonic(), SHORTEST
    while (now := uploads.summary().assembling) > 0:
        if now != left:
            left, since = now, time.monotonic()
        if time.monotonic() - since > patience.seconds:
            raise NetworkError(
                f"Everything has arrived, but the site does not get on with checking (still to do: {now}). "
                "Run the same command again later; if that does not help, ask the site's operator."
            )
        patience.rest(pause)
        pause = min(LONGEST, pause * 1.5)


def check_stored(uploads: Uploads, sent: Sequence[Sent]) -> None:
    """Raises IntegrityError for what the site has not stored as it lies here, RefusedError for what its scanner found.

    Uploads that came to nothing are cleared away.
    """
    found = {upload.id: upload for upload in uploads.listed()}
    wrong = [_what_is_wrong(each, found.get(each.upload.id)) for each in sent]
    for each in sent:
        upload = found.get(each.upload.id)
        if upload is not None and upload.state in NOT_TAKEN:
            uploads.discard(upload)
    _check_quarantine([found[each.upload.id] for each in sent if each.upload.id in found])
    if told := [text for text in wrong if text]:
        more = f" The same is true of {len(told) - 1} more." if len(told) > 1 else ""
        raise IntegrityError(f"{told[0]}{more} Run the same command again to send it once more.")


def _check_quarantine(uploads: Sequence[Upload]) -> None:
    caught = [upload for upload in uploads if upload.state == "quarantined"]
    if caught:
        more = f" The same is true of {len(caught) - 1} more." if len(caught) > 1 else ""
        raise RefusedError(
            f"“{caught[0].name}” is not taken. {_first_sentence(caught[0].problem)}{more} "
            "Look after this computer, take the file out of what you send, and run the command again.",
            code="file_quarantined",
        )


def _first_sentence(text: str) -> str:
    return f"{text.partition('. ')[0].rstrip('.')}."


def _what_is_wrong(sent: Sent, upload: Upload | None) -> str:
    name = sent.file.name
    if upload is None:
        return f"“{name}” was taken out of the contribution while this command ran."
    if upload.state != "stored":
        return f"“{name}” is {upload.state} on the site. {_first_sentence(upload.problem)}"
    if upload.sha256 != sent.sha256:
        return f"“{name}” is stored, but its SHA-256 there is not that of the file here."
    return ""
