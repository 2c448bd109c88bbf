"""Many small files, as a browser or the command line would send them in a batch."""

import hashlib
from collections.abc import Mapping, Sequence

from collective.accounts.models import User
from collective.catalog.models import Contribution
from collective.core.storage import incoming
from ingestion.domain.parts import SmallFile
from ingestion.models import Upload
from ingestion.services import complete_batch, start_batch
from ingestion.services.batches import Begun


def clips(count: int, *, folder: str = "clips") -> dict[str, bytes]:
    return {f"{folder}/{number:04}.wav": f"the sound of {folder} {number}".encode() for number in range(count)}


def claims(files: Mapping[str, bytes]) -> list[SmallFile]:
    return [
        SmallFile(
            name, len(data), hashlib.md5(data, usedforsecurity=False).hexdigest(), hashlib.sha256(data).hexdigest()
        )
        for name, data in files.items()
    ]


def begun(contribution: Contribution, files: Mapping[str, bytes], *, actor: User | None = None) -> list[Begun]:
    sender = actor or contribution.contributor
    return start_batch(actor=sender, contribution_id=contribution.pk, files=claims(files))


def uploads_of(answers: Sequence[Begun]) -> list[Upload]:
    found = [answer.upload for answer in answers if answer.upload is not None]
    assert len(found) == len(answers), [answer.problem for answer in answers if answer.problem]
    return found


def put(answers: Sequence[Begun], files: Mapping[str, bytes]) -> int:
    """Bring the bytes of those that are still to be sent into the store; returns how many that were."""
    asked = [(answer, data) for answer, data in zip(answers, files.values(), strict=True) if answer.request]
    for answer, data in asked:
        assert answer.upload is not None
        incoming().put_whole(answer.upload.key, data)
    return len(asked)


def completed(contribution: Contribution, uploads: Sequence[Upload]) -> list[str]:
    """The states that completing leaves them in."""
    keys = [upload.pk for upload in uploads]
    outcome = complete_batch(actor=contribution.contributor, contribution_id=contribution.pk, upload_ids=keys)
    return [each.upload.state for each in outcome]
