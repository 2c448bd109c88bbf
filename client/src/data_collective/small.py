"""Many small files: a list of them in one request, then one PUT for each."""

import json
from collections.abc import Iterator, Sequence
from functools import partial

from data_collective.crew import Crew, finish
from data_collective.errors import IntegrityError
from data_collective.local import LocalFile, changed
from data_collective.parts import Digests, Part, digests_of
from data_collective.progress import Progress
from data_collective.sending import Parcel, Sender
from data_collective.uploads import Begun, Sent, Upload, Uploads

# A limit is met early, and what is completed stays, whatever happens to the rest.
MOST_AT_ONCE = 200
# The site takes bodies of 1 MiB; hashes and the JSON around a name are about 200 bytes.
LIST_BYTES, ENTRY_BYTES = 900_000, 200
ROUNDS = 3

Hashed = tuple[LocalFile, Digests]


class SmallFiles:
    def __init__(self, *, uploads: Uploads, sender: Sender, crew: Crew, progress: Progress) -> None:
        self.uploads, self.sender, self.crew, self.progress = uploads, sender, crew, progress

    def send(self, files: Sequence[LocalFile], *, most: int) -> Iterator[Sent]:
        """Each file with its upload and the SHA-256 that it has here; `most` is what the site takes in one list."""
        for group in groups(files, most=min(most, MOST_AT_ONCE)):
            yield from self._send_group([(file, self._hash(file)) for file in group])

    def _send_group(self, waiting: list[Hashed]) -> Iterator[Sent]:
        for _ in range(ROUNDS):
            begun = self.uploads.begin_batch(waiting)
            self._put(waiting, begun)
            missing = self._complete([each.upload for each in begun])
            for (file, digests), each in zip(waiting, begun, strict=True):
                if each.upload.id not in missing:
                    yield Sent(file, each.upload, digests.sha256)
            waiting = [one for one, each in zip(waiting, begun, strict=True) if each.upload.id in missing]
            if not waiting:
                return
            self.progress.advance(-sum(file.size for file, _ in waiting))
        raise IntegrityError(f"The store keeps losing “{waiting[0][0].name}”. Ask the site's operator.")

    def _put(self, waiting: list[Hashed], begun: list[Begun]) -> None:
        given = []
        for (file, digests), each in zip(waiting, begun, strict=True):
            if each.signed is None:
                self.progress.present(file.size)
            else:
                parcel = Parcel(each.upload, file, whole(file), digests, each.signed)
                given.append(self.crew.give(partial(self.sender.send, parcel)))
        finish(given)

    def _complete(self, uploads: list[Upload]) -> set[str]:
        unfinished = [upload for upload in uploads if upload.state == "open"]
        return self.uploads.complete_batch(unfinished) if unfinished else set()

    def _hash(self, file: LocalFile) -> Digests:
        self.crew.patience.check()
        with file.reading() as opened:
            found = digests_of(opened, whole(file))
        if found is None:
            raise changed(file)
        return found


def whole(file: LocalFile) -> Part:
    return Part(1, 0, file.size)


def groups(files: Sequence[LocalFile], *, most: int) -> Iterator[list[LocalFile]]:
    """Runs of files whose list fits into one request."""
    group: list[LocalFile] = []
    length = 0
    for file in files:
        entry = ENTRY_BYTES + len(json.dumps(file.name))
        if group and (len(group) == most or length + entry > LIST_BYTES):
            yield group
            group, length = [], 0
        group.append(file)
        length += entry
    if group:
        yield group
